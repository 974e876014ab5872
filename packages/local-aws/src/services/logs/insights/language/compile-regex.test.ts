import { expect, test } from "vitest";
import { compileRegex } from "./compile-regex.ts";

test.each<readonly [source: string, text: string, found: string | undefined]>([
  ["ab+", "xabbb", "abbb"],
  ["(?i)error", "an ERROR", "ERROR"],
  ["^(?i)exception$", "Exception", "Exception"],
  ["(?s)a.b", "a\nb", "a\nb"],
  ["a.b", "a\nb", undefined],
  ["\\[WARN\\]", "[WARN] x", "[WARN]"],
  // Escapes that nothing needs, and braces that quantify nothing, stand for themselves.
  ['\\"status\\"\\: \\d+', '{"status": 200}', '"status": 200'],
  ['{"a":\\{', '{"a":{', '{"a":{'],
  ["x{2,3}", "xxxx", "xxx"],
  ["[{}]+", "a{}", "{}"],
  ["[\\w.-]+@[\\w\\-]+", "<me@my-host>", "me@my-host"],
  ["a]", "a]", "a]"],
  ["[a[b]+", "[ab", "[ab"],
  ["\\p{Lu}\\w*", "the Name", "Name"],
  ["\\u{1d4b3}", "𝒳", "𝒳"],
  ["https?:\\/\\/\\S+", "at https://x.y/z now", "https://x.y/z"],
  ["(?=.*b)a", "ab", "a"],
])("%s in %s", (source, text, found) => {
  expect(compileRegex(source).regex.exec(text)?.[0]).toBe(found);
});

test("groups are named as in Java or as in RE2", () => {
  expect(compileRegex("(?<first>a)(?P<second>b)").names).toEqual(["first", "second"]);
});

test.each([
  "(",
  "[b-a]",
  "x**",
  "\\Qx\\E",
  "[[:digit:]]",
  "a*+",
  "a{2}+",
  "(?>a)",
  "a(?i)b",
  "(?-i:a)",
  "[a&&[b]]",
  "(?<a>x)(?<a>y)",
])("%s is refused, not read as something else", (source) => {
  expect(() => compileRegex(source)).toThrow();
});
