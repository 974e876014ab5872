import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commands } from "../commands.ts";

const folder = join(import.meta.dirname, "../../../../packages/release-engine/src/drill/paths");
const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));

/** The flags that a path's file names, as far as they are written down as texts. */
const flagsIn = (file: string) =>
  [...readFileSync(join(folder, file), "utf8").matchAll(/"(--[a-z-]+)"/g)].map(([, flag = ""]) => flag);

const declared = new Set(commands.flatMap(({ options }) => options.map(({ flags }) => flags.split(/[ ,]/)[0] ?? "")));

describe("what a drill types", () => {
  test("is looked for where it is", () => {
    expect(files.flatMap(flagsIn)).toContain("--reason");
  });

  test.each(files)("in %s has no flag that no command has: a drill takes half an hour to find that out", (file) => {
    expect(flagsIn(file).filter((flag) => !declared.has(flag))).toEqual([]);
  });
});
