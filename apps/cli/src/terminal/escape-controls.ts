/**
 * Control characters, and the characters that turn the direction of writing: a terminal would do what they say, so that a log line could
 * clear the screen, hide another line, or say something else than it seems to.
 */
const CONTROLS = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Makes what a terminal would obey visible: `\x1b`, `\u202e`. A tab becomes a space; line breaks stay where they are wanted. */
export function escapeControls(text: string, { lines = false } = {}): string {
  return text.replaceAll(CONTROLS, (character) => {
    if (character === "\t") {
      return " ";
    }
    if (lines && character === "\n") {
      return character;
    }
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** The same inside of JSON, of which it makes other JSON that means the same. */
export function escapeControlsInJson(json: string): string {
  return json.replaceAll(CONTROLS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
