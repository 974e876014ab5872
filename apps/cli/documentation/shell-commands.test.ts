import { expect, test } from "vitest";
import { shellCommands } from "./shell-commands.ts";

const words = (script: string) => shellCommands(script).map((command) => command.words);

test.each([
  ["slipway status prod", [["slipway", "status", "prod"]]],
  ["slipway status prod   # who is at it", [["slipway", "status", "prod"]]],
  ["a#b c", [["a#b", "c"]]],
  ["# nothing\n\n  \n", []],
  ["a \\\n  --b c \\\n  d", [["a", "--b", "c", "d"]]],
  [`a 'b "c" \\' "d 'e' \\"f\\""`, [["a", 'b "c" \\', `d 'e' "f"`]]],
  [`a b"c d"'e f'`, [["a", "bc de f"]]],
  ["a | b && c || d; e & f", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]]],
  ["a > out.json 2>&1 < in >> more", [["a"]]],
  ["A=1 B='x y' c d", [["c", "d"]]],
  ["A=1", []],
])("%s", (script, expected) => {
  expect(words(script)).toEqual(expected);
});

test("what a substitution runs is found, too, and its words stay one", () => {
  expect(words(`aws x --start "$(date -u -d '1 hour ago' +%s)000" --end $(date +%s)`)).toEqual([
    ["date", "-u", "-d", "1 hour ago", "+%s"],
    ["date", "+%s"],
    ["aws", "x", "--start", "$(date -u -d '1 hour ago' +%s)000", "--end", "$(date +%s)"],
  ]);
  expect(words("source <(slipway completion zsh) x")).toEqual([
    ["slipway", "completion", "zsh"],
    ["source", "<(slipway completion zsh)", "x"],
  ]);
  expect(words("url=$(aws sqs get-queue-url --queue-name q)")).toEqual([
    ["aws", "sqs", "get-queue-url", "--queue-name", "q"],
  ]);
});

test("each command has the line that it begins in", () => {
  expect(shellCommands("# one\na \\\n  b\n\nc $(d)\n").map(({ words: [first], line }) => [first, line])).toEqual([
    ["a", 2],
    ["d", 5],
    ["c", 5],
  ]);
});

test.each([
  ["a 'b", /line 1: a single quote is not closed/],
  ['\na "b', /line 2: a double quote is not closed/],
  ["a $(b", /line 1: \$\( is not closed/],
  ["a `b`", /a backquote; write \$\(\.\.\.\)/],
  ["cat <<EOF", /a here-document/],
  ["for x in 1 2; do a; done", /'for' is more of a shell/],
])("%j is not read", (script, message) => {
  expect(() => shellCommands(script)).toThrow(message);
});

test("if and while are read where a script may have them, and for is not", () => {
  const script =
    'if [ "$a" = b ]; then\n  slipway plan prod || code=$?\nelse\n  exit 1\nfi\nwhile true; do sleep 1; done';

  expect(shellCommands(script, { keywords: "simple" }).map(({ words }) => words.join(" "))).toEqual([
    "[ $a = b ]",
    "slipway plan prod",
    "exit 1",
    "true",
    "sleep 1",
  ]);
  expect(() => shellCommands("for a in b; do c; done", { keywords: "simple" })).toThrow("'for'");
  expect(() => shellCommands(script)).toThrow("'if'");
});
