import { readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Evidence } from "@slipway/contracts";
import { temporaryFolder } from "@slipway/testing";
import { expect, test } from "vitest";
import { FileEvidenceStore } from "./file-evidence-store.ts";

const INPUTS = "1".repeat(64);
const evidence = (found = "good", inputs = INPUTS): Evidence => ({
  ...{ check: "checklist.tests", title: "Tests pass", status: "pass", found, at: "2026-11-28T12:00:00.000Z", inputs },
});

test("what is kept is found for the same inputs, and for no others", async () => {
  using folder = temporaryFolder();
  const store = new FileEvidenceStore(join(folder.path, "evidence"));
  expect(await store.read("checklist.tests", INPUTS)).toBeUndefined();

  await store.write("checklist.tests", INPUTS, [evidence()]);

  expect(await store.read("checklist.tests", INPUTS)).toEqual([evidence()]);
  expect(await store.read("checklist.tests", "2".repeat(64))).toBeUndefined();
  expect(await store.read("checklist.lint", INPUTS)).toBeUndefined();
});

test("half a file, another file and one of an unknown form are as good as none", async () => {
  using folder = temporaryFolder();
  const store = new FileEvidenceStore(folder.path);
  await store.write("checklist.tests", INPUTS, [evidence()]);
  const file = join(folder.path, readdirSync(folder.path)[0] ?? "");
  const whole = readFileSync(file, "utf8");
  const same = `${INPUTS.slice(0, 16)}${"9".repeat(48)}`;

  for (const text of [whole.slice(0, -20), "[]", whole.replace('"pass"', '"good"'), whole.replace(INPUTS, same)]) {
    writeFileSync(file, text);
    expect(await store.read("checklist.tests", INPUTS)).toBeUndefined();
  }
});

test("many who write at once leave one whole file, and nothing beside it", async () => {
  using folder = temporaryFolder();
  const stores = Array.from({ length: 20 }, () => new FileEvidenceStore(folder.path));

  await Promise.all(stores.map((store, index) => store.write("checklist.tests", INPUTS, [evidence(`by ${index}`)])));

  expect(readdirSync(folder.path)).toHaveLength(1);
  expect(await stores[0]?.read("checklist.tests", INPUTS)).toHaveLength(1);
});

test("what is old, and what killed processes have left, is removed", async () => {
  using folder = temporaryFolder();
  const store = new FileEvidenceStore(folder.path);
  const left = join(folder.path, "checklist.tests-1111.json.1234.new");
  const young = join(folder.path, "checklist.lint-1111.json");
  writeFileSync(left, "[");
  writeFileSync(young, "[]");
  const lastWeek = Date.now() / 1_000 - 8 * 86_400;
  utimesSync(left, lastWeek, lastWeek);

  await store.write("checklist.tests", INPUTS, [evidence()]);

  expect(readdirSync(folder.path).some((name) => name.endsWith(".new"))).toBe(false);
  expect(readdirSync(folder.path)).toContain("checklist.lint-1111.json");
});
