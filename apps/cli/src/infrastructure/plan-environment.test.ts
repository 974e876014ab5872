import type { InfrastructureFinding } from "@slipway/contracts";
import { RecordingProgress } from "@slipway/testing";
import { expect, onTestFinished, test } from "vitest";
import type { EnvironmentPlace, EnvironmentWork } from "../target/environment-work.ts";
import { ordersConfig } from "../test/orders-config.ts";
import { temporaryRepository } from "../test/temporary-repository.ts";
import { type PlannedWith, planEnvironment } from "./plan-environment.ts";

const loosened: InfrastructureFinding = {
  ...{ id: "policy.loosened", severity: "high", status: "fail", address: "release.checklist.reviewers" },
  ...{ reason: "0 people have to read a change, instead of 2.", next: "take it back" },
};

test("a plan that would loosen the rules in force is stopped before there is a release of it", async () => {
  const { path: repository, remove } = temporaryRepository();
  onTestFinished(remove);
  const shown = {
    ...{ digest: "a".repeat(64), state: { serial: 1, lineage: "l" } },
    ground: { terraform: "1.14.0", providers: {}, backend: "s3" },
    reading: { plan: { format_version: "1.2" }, resources: [], outputs: [], isSensitive: () => false },
  };
  const workspace = {
    plan: async () => ({ changed: false, counts: { add: 0, change: 0, destroy: 0 } }),
    show: async () => shown,
  };
  const work = {
    ...{ terraform: { init: async () => workspace }, init: {}, variables: {}, planFile: `${repository}/plans/p` },
  } as unknown as EnvironmentWork;
  const place = { repository, config: ordersConfig, environment: "prod", env: {}, progress: new RecordingProgress() };
  const plan = (inForce?: PlannedWith["inForce"]) =>
    planEnvironment({ ...place, signal: new AbortController().signal } as unknown as EnvironmentPlace, work, {
      inForce,
    });
  const rules = { approvals: { infrastructure: 1 }, reviewers: 2, isProtected: true, because: "the rules of r1" };

  expect(await plan({ ...rules, loosened: [loosened] })).toMatchObject({ gate: "stopped", findings: [loosened] });
  expect(await plan()).toMatchObject({ gate: "open", findings: [] });
});
