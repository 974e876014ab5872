import { execFileSync } from "node:child_process";
import { shellQuote } from "@slipway/analysis";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { wordsOf } from "./words-of.ts";

it("takes a command apart as a shell does", () => {
  const command = `slipway rollback prod code --reason "i1: it's r7, \\"sure\\"" 'a b'\\''c' x\\ y ""`;
  const shell = execFileSync("sh", ["-c", `for word in ${command}; do printf '%s\\n' "$word"; done`], {
    encoding: "utf8",
  });
  expect(wordsOf(command)).toEqual(shell.split("\n").slice(0, -1));
});

it("gives back what was quoted for a shell", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 })), (words) => {
      expect(wordsOf(words.map(shellQuote).join(" "))).toEqual(words);
    }),
  );
});
