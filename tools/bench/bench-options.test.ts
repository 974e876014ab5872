import { expect, test } from "vitest";
import { parseBenchOptions } from "./bench-options.ts";

const names = ["dynamodb", "boot", "job"];

test("nothing typed: everything, as a table", () => {
  expect(parseBenchOptions([], names)).toEqual({
    ...{ only: [], quick: false, rounds: undefined, output: "text", help: false },
  });
});

test("everything typed", () => {
  const words = ["--only", "boot,job", "--only", "dynamodb", "--quick", "--rounds", "3", "--output", "json"];

  expect(parseBenchOptions(words, names)).toEqual({
    ...{ only: ["boot", "job", "dynamodb"], quick: true, rounds: 3, output: "json", help: false },
  });
});

test.each([
  [["--only", "bot"], "--only: there is no benchmark 'bot'. There are: dynamodb, boot, job."],
  [["--only"], "--only"],
  [["--rounds", "0"], "--rounds: '0' is no number of rounds. Give one from 1 to 1000."],
  [["--rounds", "2.5"], "--rounds: '2.5'"],
  [["--output", "xml"], "--output: 'xml' is no format. Give text or json."],
  [["--fast"], "Unknown option '--fast'. Type npm run bench -- --help"],
  [["boot"], "Type npm run bench -- --help"],
])("%j is refused", (words, message) => {
  expect(() => parseBenchOptions(words, names)).toThrow(message);
});
