/** A part that is made of the code: what stands between `<!-- made: NAME -->` and `<!-- /made -->`. */
export type Parts = Readonly<Record<string, string>>;

const PART = /^<!-- made: (.+?) -->\n[\s\S]*?^<!-- \/made -->$/gm;

/**
 * A page with its parts made anew; what is between them is left as it was written.
 *
 * @throws Error for a part that nothing makes, or that has no end
 */
export function fillParts(page: string, parts: Parts): string {
  const filled = page.replaceAll(PART, (_, name: string) => {
    const part = parts[name];
    if (part === undefined) {
      throw new Error(`nothing makes the part '${name}'. There are ${Object.keys(parts).join(", ")}`);
    }
    return `<!-- made: ${name} -->\n\n${part.trim()}\n\n<!-- /made -->`;
  });
  const count = (text: RegExp) => filled.match(text)?.length ?? 0;
  if (count(/<!-- made: /g) !== count(PART) || count(/<!-- \/made -->/g) !== count(PART)) {
    throw new Error(
      "a part has no end, or an end no part: <!-- made: NAME --> ... <!-- /made -->, each in a line of its own",
    );
  }
  return filled;
}
