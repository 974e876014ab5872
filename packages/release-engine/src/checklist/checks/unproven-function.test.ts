import type { FunctionConfig } from "@slipway/contracts";
import { expect, test } from "vitest";
import { FakeChecklist } from "../test/fake-checklist.ts";
import { unprovenFunction } from "./unproven-function.ts";

const ID = "release.unproven-function";

/** A world whose environment has these functions. */
function worldWith(...functions: Partial<FunctionConfig>[]) {
  const world = new FakeChecklist();
  const [first] = world.config.functions;
  return Object.assign(world, {
    config: { ...world.config, functions: functions.map((each) => ({ ...first, ...each }) as FunctionConfig) },
  });
}

test("an only function is proven by the smoke scenario, each of several by what it says", async () => {
  expect(await worldWith({ name: "orders" }).look(unprovenFunction)).toMatchObject({ check: ID, status: "pass" });
  const two = worldWith({ name: "orders", proof: "smoke" }, { name: "gate" });

  expect(await two.run([unprovenFunction])).toMatchObject([
    { check: ID, subject: "orders", status: "pass" },
    {
      ...{ check: ID, subject: "gate", status: "unknown", found: "nothing says how to prove gate" },
      next: expect.stringContaining("--waive release.unproven-function:gate --reason WHY"),
    },
  ]);
});

test("a scenario that only the gateway answers proves nothing", async () => {
  const world = worldWith({ name: "orders" });
  const gateway = world.config.smoke.steps.map((step) => ({ ...step, through: "gateway" as const }));
  world.config.smoke = { ...world.config.smoke, steps: gateway };

  expect(await world.look(unprovenFunction)).toMatchObject({
    ...{ status: "unknown", found: expect.stringMatching(/^every step of the smoke scenario is for the gateway/) },
  });
});

test("somebody can answer for it, by the function's name only", async () => {
  const world = worldWith({ name: "orders" }, { name: "gate" });
  const waiver = { check: ID, by: "Jane", reason: "a timer calls it", expires: "2026-12-31" };
  const statuses = async (given: object) =>
    (await world.run([unprovenFunction], { waivers: [{ ...waiver, ...given }] })).map(({ status }) => status);

  expect(await statuses({ subject: "gate" })).toEqual(["unknown", "waived"]);
  expect(await statuses({})).toEqual(["unknown", "unknown"]);
});
