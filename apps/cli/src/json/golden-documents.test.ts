import { globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DocumentName, documentProblems, documents } from "@slipway/contracts/documents";
import { expect, it } from "vitest";
import { commands } from "../commands.ts";
import { GOLDEN_DOCUMENTS } from "../test/golden.ts";

const files = readdirSync(GOLDEN_DOCUMENTS).toSorted();
const read = (file: string): unknown => JSON.parse(readFileSync(join(GOLDEN_DOCUMENTS, file), "utf8"));
const printing = commands.flatMap(({ name, json }) => (json === undefined ? [] : [{ name, ...json }]));
const commandOf = (file: string) => printing.find(({ name }) => name.replaceAll(" ", "-") === file.split(".")[0]);

it.each(printing)("there is a document of slipway $name that people have read before", ({ name }) => {
  expect(files.filter((file) => commandOf(file)?.name === name)).not.toEqual([]);
});

it.each(files)("%s is as the schema says that its command declares, and a test compares it", (file) => {
  const command = commandOf(file);

  expect(documentProblems(read(file), command?.documents ?? [])).toEqual([]);
  const [, form] = file.replace(/\.json$/, "").split(".");
  const calls = tests.flatMap((text) => [...text.matchAll(/\bgolden\(\s*"([^"]+)",([^;]*);/g)]);
  const ofCommand = calls.filter(([, name]) => name === command?.name).map(([, , rest = ""]) => rest);
  expect(ofCommand.some((rest) => (form === undefined ? !/"\s*,?\s*\)$/.test(rest) : rest.includes(`"${form}"`)))).toBe(
    true,
  );
});

it("there is an example of every document", () => {
  const shown = files.map(read);
  const without = (Object.keys(documents) as DocumentName[]).filter(
    (name) => !shown.some((each) => documentProblems(each, [name]).length === 0),
  );

  // Every test of a command line that fails has one.
  expect(without).toEqual(["failure-report"]);
});

const tests = globSync("**/*.test.ts", { cwd: join(import.meta.dirname, "..") }).map((file) =>
  readFileSync(join(import.meta.dirname, "..", file), "utf8"),
);
