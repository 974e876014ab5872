import { createHash } from "node:crypto";
import { formatValue } from "../values/format-value.ts";
import { toNumber } from "../values/to-number.ts";
import type { Value } from "../values/value.ts";
import { type ScalarFunction, textual } from "./scalar-function.ts";

const SPACE = /^\s*$/;

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html */
export const textFunctions: Readonly<Record<string, ScalarFunction>> = {
  isempty: {
    least: 1,
    most: 1,
    evaluate: ([value]) => value === undefined || value === "",
  },
  isblank: {
    least: 1,
    most: 1,
    evaluate: ([value]) => value === undefined || (typeof value === "string" && SPACE.test(value)),
  },
  concat: {
    least: 1,
    most: Number.POSITIVE_INFINITY,
    typeOf: () => "raw",
    // A missing part leaves nothing behind, where every other function would be missing with it.
    evaluate: (values, types) => values.map((value, index) => formatValue(value, types[index] ?? "raw") ?? "").join(""),
  },
  ltrim: textual(1, 2, trimmer(true, false)),
  rtrim: textual(1, 2, trimmer(false, true)),
  trim: textual(1, 2, trimmer(true, true)),
  strlen: textual(1, 1, (text) => lengthOf(text)),
  toupper: textual(1, 1, (text) => text.toUpperCase()),
  tolower: textual(1, 1, (text) => text.toLowerCase()),
  substr: textual(2, 3, substr),
  replace: textual(3, 3, (text, search, replacement) =>
    search === "" ? text : text.replaceAll(search, () => replacement),
  ),
  strcontains: textual(2, 2, (text, part) => (text.includes(part) ? 1 : 0)),
  startswith: textual(2, 2, (text, part) => text.startsWith(part)),
  endswith: textual(2, 2, (text, part) => text.endsWith(part)),
  md5: textual(1, 1, (text) => createHash("md5").update(text).digest("hex")),
  sha256: textual(1, 1, (text) => createHash("sha256").update(text).digest("hex")),
  base64encode: textual(1, 1, (text) => Buffer.from(text).toString("base64")),
  base64decode: textual(1, 1, (text) => Buffer.from(text, "base64").toString()),
};

/** Takes white space off, or any of the characters that a second text has. */
function trimmer(left: boolean, right: boolean): (text: string, characters?: string) => string {
  return (text, characters) => {
    const isTrimmed =
      characters === undefined
        ? (character: string) => SPACE.test(character)
        : (character: string) => characters.includes(character);
    const points = Array.from(text);
    let from = 0;
    let to = points.length;
    while (left && from < to && isTrimmed(points[from] ?? "")) {
      from++;
    }
    while (right && to > from && isTrimmed(points[to - 1] ?? "")) {
      to--;
    }
    return points.slice(from, to).join("");
  };
}

/** In Unicode code points. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) {
    length++;
  }
  return length;
}

function substr(text: string, from: string, length?: string): Value {
  const start = toNumber(from);
  const count = length === undefined ? Number.POSITIVE_INFINITY : toNumber(length);
  if (start === undefined || count === undefined || start < 0 || count < 0) {
    return undefined;
  }
  return Array.from(text)
    .slice(start, start + count)
    .join("");
}
