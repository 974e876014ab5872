import { expect, it } from "vitest";
import { commands } from "../commands.ts";
import { optionWords } from "./option-words.ts";

it("takes flags apart as commander does", () => {
  expect(optionWords({ flags: "-f, --follow" })).toEqual({ words: ["--follow", "-f"], isVariadic: false });
  expect(optionWords({ flags: "--port <n>" })).toEqual({ words: ["--port"], value: "n", isVariadic: false });
  expect(optionWords({ flags: "--check [ids...]" })).toEqual({ words: ["--check"], value: "ids", isVariadic: true });
});

it("finds a long word for every option that there is", () => {
  for (const { name, options } of commands) {
    for (const option of options) {
      expect(optionWords(option).words[0], `${name} ${option.flags}`).toMatch(/^--[a-z][a-z-]+$/);
    }
  }
});
