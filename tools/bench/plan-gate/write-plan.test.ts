import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PlanReader } from "@slipway/analysis";
import { temporaryFolder } from "@slipway/testing";
import { expect, test } from "vitest";
import { writePlan } from "./write-plan.ts";

test("the plan of the benchmark is one, with every kind of change", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "plan.json");

  const bytes = await writePlan(file, 200);

  const content = readFileSync(file);
  expect(content.length).toBe(bytes);
  const whole: { resource_changes: unknown[]; planned_values: object } = JSON.parse(content.toString());
  expect(whole.resource_changes).toHaveLength(200);
  const reader = new PlanReader(() => undefined);
  reader.write(content);
  const { resources } = reader.end();
  expect(new Set(resources.map(({ action }) => action))).toEqual(new Set(["add", "change", "destroy", "replace"]));
});
