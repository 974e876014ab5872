import { expect, test } from "vitest";
import { csv } from "./csv.ts";

test("rows end in CRLF, and what has a meaning is quoted", () => {
  expect(
    csv([
      ["plain", "a,b", 'say "x"', "two\nlines", ""],
      ["Ä", "-1", " ", "=1+1", "\r"],
    ]),
  ).toBe('plain,"a,b","say ""x""","two\nlines",\r\nÄ,-1, ,=1+1,"\r"\r\n');
});
