/** What charts are drawn with. */
export interface Glyphs {
  /** From an empty cell to a full one: nine, of which the second is the height of a zero. */
  readonly levels: readonly string[];
  /** A limit where no bar is. */
  readonly limit: string;
  /** Axis: at a mark, between marks, at the corner, along the bottom. */
  readonly axis: { readonly mark: string; readonly line: string; readonly corner: string; readonly bottom: string };
  /** Before a heading, and behind it up to the edge. */
  readonly rule: string;
  readonly ellipsis: string;
}

const UNICODE: Glyphs = {
  levels: [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
  limit: "┄",
  axis: { mark: "┤", line: "│", corner: "└", bottom: "─" },
  rule: "─",
  ellipsis: "…",
};

const ASCII: Glyphs = {
  levels: [" ", "_", ".", ":", "-", "=", "+", "*", "#"],
  limit: "~",
  axis: { mark: "+", line: "|", corner: "+", bottom: "-" },
  rule: "-",
  ellipsis: "~",
};

/**
 * Blocks where the terminal says that it shows UTF-8 (LC_ALL, LC_CTYPE, LANG, in this order, as everywhere), and plain characters
 * where it does not, or where they were asked for.
 */
export function glyphsFor(env: NodeJS.ProcessEnv, ascii = false): Glyphs {
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((each) => each !== undefined && each !== "") ?? "";
  return !ascii && /utf-?8/i.test(locale) ? UNICODE : ASCII;
}
