import { lexer, type Token, type Tokens, walkTokens } from "marked";

/**
 * What people read as sentences in a Markdown file: the source with code, comments and targets of links blanked out, so that lines and
 * columns stay.
 */
export function markdownProse(source: string): string {
  let prose = source;
  let at = 0;
  const blank = (text: string) => {
    // Line by line: inside of a list the lexer has taken the indentation away.
    for (const line of text.split("\n")) {
      const found = line.trim() === "" ? -1 : prose.indexOf(line, at);
      if (found !== -1) {
        prose = `${prose.slice(0, found)}${" ".repeat(line.length)}${prose.slice(found + line.length)}`;
        at = found + line.length;
      }
    }
  };
  walkTokens(lexer(source), (token: Token) => {
    if (token.type === "codespan" || token.type === "code" || token.type === "html") {
      blank(token.raw);
    } else if (token.type === "link" || token.type === "image") {
      const { href, raw } = token as Tokens.Link;
      // What a link says comes before its target and is walked after it, so the position stays.
      const target = raw.includes("](") ? raw.lastIndexOf(href) : -1;
      const found = prose.indexOf(raw, at);
      if (target !== -1 && found !== -1) {
        const from = found + target;
        prose = `${prose.slice(0, from)}${" ".repeat(href.length)}${prose.slice(from + href.length)}`;
      }
    }
  });
  return prose;
}
