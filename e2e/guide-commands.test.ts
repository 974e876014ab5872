import { expect, test } from "vitest";
import { isMonitoringCommand } from "./guide/monitoring-commands.ts";
import { oneLine } from "./guide/one-line.ts";
import { readCorrectedCommands } from "./guide/read-corrected-commands.ts";
import { readOriginalCommands } from "./guide/read-original-commands.ts";
import { pages } from "./guide/walk/pages.ts";
import { readGuidePages, readPage, walkedCommands, walkedOriginals } from "./guide/walk/read-pages.ts";

// Of what the guide tells its readers to type nothing is forgotten: guide-walk.soak.test.ts types it, and takes minutes to do so.

test("the walk has every page of the guide that has commands, in its order", () => {
  expect(pages.map(({ file }) => file)).toEqual(readGuidePages().toSorted((a, b) => orderOf(a) - orderOf(b)));
});

test.each(pages)("every command of $file is typed by the walk, or it says why not", (page) => {
  const leftOut = readPage(page).flatMap(({ step }) => ("leftOut" in step ? [step] : []));

  for (const { begins, leftOut: why } of leftOut) {
    expect(why.length, `${begins}: a reason has some words`).toBeGreaterThan(20);
  }
});

test("every command of the original guide is typed as it is written, or is in the list of corrections", () => {
  const [isCorrected, walked, originals] = [readCorrectedCommands(), walkedCommands(), walkedOriginals()];
  const commands = readOriginalCommands();

  const forgotten = commands.filter(({ command }) => {
    const line = oneLine(command);
    return !walked.has(line) && !originals.has(line) && !isMonitoringCommand(command) && !isCorrected(command);
  });

  expect(commands.length).toBe(75);
  expect(forgotten).toEqual([]);
});

test("a command that stands nowhere is found", () => {
  const [begun] = pages;
  const [first] = begun?.commands ?? [];
  expect(() => readPage({ file: "README.md", commands: [] })).toThrow("which nobody types");
  expect(() => readPage({ file: "README.md", commands: [first, first] as never })).toThrow("where the walk has");
  expect(readCorrectedCommands()("terraform state push other.json")).toBe(false);
});

/** README.md is read first. */
function orderOf(file: string): number {
  return Number.parseInt(file, 10) || 0;
}
