import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readSetup } from "./read-setup.ts";
import { terraformInitArguments } from "./terraform-process.ts";

const program = { path: "/x", version: "1.11.4", size: 1, mtimeMs: 1 };
const provider = { source: "mirror", dir: "/mirror", version: "5.100.0" };

function cloneWith(record?: object): string {
  const root = mkdtempSync(join(tmpdir(), "slipway-read-setup-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  if (record !== undefined) {
    mkdirSync(join(root, ".slipway"));
    writeFileSync(join(root, ".slipway/setup.json"), JSON.stringify(record));
  }
  return root;
}

test("gives what set-up recorded", () => {
  const record = { schemaVersion: 1, node22: program, terraform: program, provider, at: "2026-01-01T00:00:00Z" };

  expect(readSetup(cloneWith(record))).toEqual(record);
});

test.each([
  ["no record", undefined],
  ["another version's record", { schemaVersion: 2 }],
])("%s is refused with what to type", (_name, record) => {
  expect(() => readSetup(cloneWith(record))).toThrow(
    /not set up in this clone\.\n {2}Why: .*\n {2}Next: npm run setup/,
  );
});

test("terraform init gets the mirror, or is left to the user's configuration", () => {
  expect(terraformInitArguments({ provider: { source: "mirror", dir: "/mirror", version: "5.100.0" } })).toEqual([
    "-plugin-dir=/mirror",
  ]);
  expect(terraformInitArguments({ provider: { source: "registry", cliConfig: "/home/me/.terraformrc" } })).toEqual([]);
});
