import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PlanReader } from "@slipway/analysis";
import { expect, onTestFinished, test } from "vitest";
import { writePlan } from "./write-plan.ts";

test("the plan of the benchmark is one, with every kind of change", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-plan-gate-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "plan.json");

  const bytes = await writePlan(file, 300);

  const content = readFileSync(file);
  expect(content.length).toBe(bytes);
  const whole: { resource_changes: unknown[]; planned_values: object } = JSON.parse(content.toString());
  expect(whole.resource_changes).toHaveLength(300);
  const reader = new PlanReader(() => undefined);
  reader.write(content);
  const { resources } = reader.end();
  expect(new Set(resources.map(({ action }) => action))).toEqual(new Set(["add", "change", "destroy", "replace"]));
});
