/** The beginning of a text, at most so many UTF-16 code units of it, never half of a character; `…` where something is left out. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) {
    return text.toWellFormed();
  }
  const end = length - 1;
  const last = text.charCodeAt(end - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return `${text.slice(0, isHalf ? end - 1 : end).toWellFormed()}…`;
}
