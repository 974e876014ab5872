import { releasePlanSchema } from "@slipway/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextStep } from "./next-step.ts";
import { planRollback, type RollbackFacts } from "./plan-rollback.ts";
import type { ReleaseProgress, StepProgress } from "./release-progress.ts";
import { facts } from "./test/plans.ts";

const rollbackFacts: fc.Arbitrary<RollbackFacts> = fc
  .uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/), { minLength: 1, maxLength: 4 })
  .map((names) => ({
    ...{ environment: "prod", release: "r9", from: "r8", to: "r3", source: facts.source, parts: ["code"] },
    functions: names.map((name) => ({
      ...{ function: name, functionName: `${name}-prod`, alias: "live", from: "8", version: "3" },
      ...{ artifactSha256: "a".repeat(64), artifact: { sha256Base64: "a", bytes: 1, bucket: "b", key: "k" } },
    })),
  }));

const started = (id: string, kind: StepProgress["kind"], state: StepProgress["state"]) =>
  [id, { kind, state, attempts: 1 }] as const;

describe("planRollback", () => {
  it("makes plans that can be written down and read again, whose first step sends the traffic back", () => {
    fc.assert(
      fc.property(rollbackFacts, (any) => {
        const plan = planRollback(any);
        expect(releasePlanSchema.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
        expect(plan.steps[0]?.kind).toBe("traffic.return");
        expect(plan).toMatchObject({ previous: "r8", rollsBack: { from: "r8", to: "r3" } });
      }),
    );
  });

  it("says that its checkpoints take nothing back", () => {
    const [any] = fc.sample(rollbackFacts, 1) as [RollbackFacts];
    const undos = planRollback(any).steps.filter(({ kind }) => kind === "checkpoint");
    expect(undos.map(({ undo }) => undo)).toEqual(Array(3).fill(expect.stringContaining("told to people")));
  });

  it("takes every step once and in order, wherever it is broken off, and goes live after the look at the traffic", () => {
    fc.assert(
      fc.property(rollbackFacts, fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }), (any, breaks) => {
        const plan = planRollback(any);
        let progress: ReleaseProgress = { state: "running", steps: new Map() };
        const finished: string[] = [];
        for (let turn = 0; ; turn += 1) {
          const next = nextStep(plan, progress, 0);
          if (next.type === "go-live") {
            expect(finished).toEqual(["traffic.return", "traffic.verify"]);
            return;
          }
          if (next.type !== "run") throw new Error(`an unexpected ${next.type}`);
          const { id, kind } = next.step;
          const state = breaks[turn] === true ? "started" : "done";
          progress = { ...progress, steps: new Map([...progress.steps, started(id, kind, state)]) };
          if (state === "done") finished.push(id);
        }
      }),
    );
  });

  it("goes back to where it came from only because somebody wants it, and is looked at there, too", () => {
    const [any] = fc.sample(rollbackFacts, 1) as [RollbackFacts];
    const plan = planRollback(any);
    const puttingBack = "a person says so";
    const taken: string[] = [];
    let progress: ReleaseProgress = {
      ...{ state: "paused", puttingBack },
      steps: new Map([started("traffic.return", "traffic.return", "started")]),
    };
    for (;;) {
      const next = nextStep(plan, progress, 0);
      if (next.type === "end") {
        expect(next.outcome).toBe("put-back");
        break;
      }
      if (next.type !== "run") throw new Error(`an unexpected ${next.type}`);
      taken.push(next.step.id);
      progress = { ...progress, steps: new Map([...progress.steps, started(next.step.id, next.step.kind, "done")]) };
    }
    expect(taken).toEqual(["traffic.restore", "traffic.verify.restored"]);
  });
});
