/** What a text is tested by. */
export interface TextTest {
  test(text: string): boolean;
}

/** A piece of an expression: a place, or one character that is there `least` to `most` times. */
type Item =
  | { readonly kind: "start" | "end" }
  | {
      readonly kind: "character";
      readonly least: number;
      readonly most: number;
      readonly fits: (code: number) => boolean;
    };

/** Up to so many ways to try, JavaScript's own expressions are the faster ones. */
const FEW_WAYS = 100_000;
/** Repetitions that JavaScript's own expressions are made to count. */
const MOST_COUNTED = 1000;
const ASCII = 128;

const PIECE = /(\\x[0-9A-Fa-f]{2}|\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|[\s\S])([*+?]\??|\{\d+(?:,\d*)?\}\??)?/g;

/**
 * An expression without groups that takes a time in proportion to its length and the text's, whatever both are. JavaScript's own
 * tries all ways to part a text: `.*.*.*.*.*=x` takes it minutes for a line of a hundred characters.
 *
 * Without groups, an expression is a choice of rows of characters, each with its number of repetitions. So it is enough to know, after
 * each character of the row, at which places of the text the row up to there can end.
 *
 * @param source - that JavaScript takes for an expression; may have no groups and no look-around
 * @param fewWays - up to so many ways to try, it is left to JavaScript; only tests need another number than the default
 */
export function linearRegex(source: string, fewWays = FEW_WAYS): TextTest {
  const regex = new RegExp(source);
  const rows = rowsOf(source);
  const variable = Math.max(...rows.map((row) => row.filter(isVariable).length));
  const isCountable = rows.flat().every((item) => item.kind !== "character" || boundOf(item) <= MOST_COUNTED);
  return {
    test: (text) =>
      isCountable && text.length ** (variable + 1) <= fewWays
        ? regex.test(text)
        : rows.some((row) => isWithin(text, row)),
  };
}

/** Whether a row is somewhere in the text. */
function isWithin(text: string, row: readonly Item[]): boolean {
  let ends: Uint8Array = new Uint8Array(text.length + 1).fill(1);
  for (const item of row) {
    if (item.kind === "character") {
      ends = endsAfter(text, ends, item);
    } else {
      const place = item.kind === "start" ? 0 : text.length;
      const isThere = ends[place] === 1;
      ends = new Uint8Array(text.length + 1);
      ends[place] = isThere ? 1 : 0;
    }
    if (!ends.includes(1)) {
      return false;
    }
  }
  return true;
}

/** Where a row ends with one character more: after a run of it that is long enough, from a place where the row could end before. */
function endsAfter(
  text: string,
  before: Uint8Array,
  { least, most, fits }: Extract<Item, { kind: "character" }>,
): Uint8Array {
  const after = new Uint8Array(before.length);
  let run = 0;
  let latest = -1;
  for (let place = 0; place < before.length; place++) {
    if (place > 0) {
      run = fits(text.charCodeAt(place - 1)) ? run + 1 : 0;
    }
    if (before[place - least] === 1) {
      latest = place - least;
    }
    if (latest >= 0 && latest >= place - Math.min(most, run)) {
      after[place] = 1;
    }
  }
  return after;
}

function rowsOf(source: string): Item[][] {
  const rows: Item[][] = [[]];
  const known = new Map<string, (code: number) => boolean>();
  for (const [, piece = "", quantifier] of source.matchAll(PIECE)) {
    if (piece === "|") {
      rows.push([]);
    } else if (piece === "^" || piece === "$") {
      rows.at(-1)?.push({ kind: piece === "^" ? "start" : "end" });
    } else {
      const fits = known.get(piece) ?? fitting(piece);
      known.set(piece, fits);
      rows.at(-1)?.push({ kind: "character", ...repetitions(quantifier), fits });
    }
  }
  return rows;
}

/** Whether a character, by its code, is one that a piece stands for. */
function fitting(piece: string): (code: number) => boolean {
  const regex = new RegExp(`^${piece}$`);
  const test = (code: number) => regex.test(String.fromCharCode(code));
  const ascii = Array.from({ length: ASCII }, (_, code) => test(code));
  return (code) => (code < ASCII ? ascii[code] === true : test(code));
}

function repetitions(quantifier = "{1}"): { least: number; most: number } {
  switch (quantifier[0]) {
    case "*":
      return { least: 0, most: Number.POSITIVE_INFINITY };
    case "+":
      return { least: 1, most: Number.POSITIVE_INFINITY };
    case "?":
      return { least: 0, most: 1 };
  }
  const [, least = "1", comma, most = ""] = /^\{(\d+)(,?)(\d*)\}/.exec(quantifier) ?? [];
  return {
    least: Number(least),
    most: comma === "" ? Number(least) : most === "" ? Number.POSITIVE_INFINITY : Number(most),
  };
}

function isVariable(item: Item): boolean {
  return item.kind === "character" && item.least !== item.most;
}

/** The number up to which repetitions are counted. */
function boundOf({ least, most }: Extract<Item, { kind: "character" }>): number {
  return Number.isFinite(most) ? most : least;
}
