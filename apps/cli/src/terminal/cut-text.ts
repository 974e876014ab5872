/**
 * Cuts a text to a width; what was cut off is shown by an ellipsis, which is one column wide. A character that takes two places of a text
 * stays whole.
 */
export function cutText(text: string, width: number, ellipsis: string): string {
  if (text.length <= width) {
    return text;
  }
  const end = Math.max(0, width - 1);
  const last = text.charCodeAt(end - 1);
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? end - 1 : end)}${ellipsis}`;
}
