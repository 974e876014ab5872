/**
 * Cuts the first JSON object out of a line of text, such as the one that `console.log` of a function wrote behind its time and level.
 * `undefined` when there is none.
 */
export function jsonFragment(text: string): string | undefined {
  const start = text.indexOf("{");
  let depth = 0;
  let inString = false;
  for (let index = start; index >= 0 && index < text.length; index++) {
    const character = text[index];
    if (inString) {
      if (character === "\\") {
        index++;
      } else if (character === '"') {
        inString = false;
      }
    } else if (character === '"') {
      inString = true;
    } else if (character === "{") {
      depth++;
    } else if (character === "}" && --depth === 0) {
      return text.slice(start, index + 1);
    }
  }
  return undefined;
}
