import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { LongestFirst, longestFirst } from "./longest-first.ts";

const root = resolve(import.meta.dirname, "..");

test("what takes minutes comes first, and the rest stays as it is", () => {
  const others = ["/r/e2e/b.test.ts", "/r/e2e/a.test.ts", "/r/tools/release.test.ts"];
  const files = [...others, ...LongestFirst.files.map((file) => `/r/${file}`).reverse()];

  const sorted = longestFirst(files.map((moduleId) => ({ moduleId }))).map(({ moduleId }) => moduleId);

  expect(sorted).toEqual([...LongestFirst.files.map((file) => `/r/${file}`), ...others]);
});

test("all of them are there", () => {
  expect(LongestFirst.files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});
