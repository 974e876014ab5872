/**
 * The same state under another serial. Only those digits are changed: read and written again, numbers beyond 2^53 would become others.
 *
 * @throws {Error} when it has no serial: then it is no state
 */
export function withSerial(text: string, serial: number): string {
  const value = /\s*:\s*(\d+)/y;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "{" || character === "[") {
      depth += 1;
    } else if (character === "}" || character === "]") {
      depth -= 1;
    } else if (character === '"') {
      const end = endOfString(text, at);
      value.lastIndex = end + 1;
      const digits = depth === 1 && text.slice(at, end + 1) === '"serial"' ? value.exec(text)?.[1] : undefined;
      if (digits !== undefined) {
        return `${text.slice(0, value.lastIndex - digits.length)}${serial}${text.slice(value.lastIndex)}`;
      }
      at = end;
    }
  }
  throw new Error("a state without a serial was to be given another one");
}

/** Whether two states say the same, whatever their serials. */
export function saysTheSame(left: string, right: string): boolean {
  return withSerial(left, 0) === withSerial(right, 0);
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') {
    at += text[at] === "\\" ? 2 : 1;
  }
  return at;
}
