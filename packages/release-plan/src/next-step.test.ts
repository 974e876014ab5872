import type { PlannedStep } from "@slipway/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isUnfinished } from "./is-unfinished.ts";
import { nextStep } from "./next-step.ts";
import { planRelease } from "./plan-release.ts";
import type { ReleaseProgress, StepProgress } from "./release-progress.ts";
import { remainingSteps } from "./remaining-steps.ts";
import { facts, policies, releaseFacts } from "./test/plans.ts";

const liveAt = "2026-11-28T12:00:00.000Z";
const start = Date.parse(liveAt);
const minute = 60_000;
const plan = planRelease(facts, { approvals: 0, canary: [{ percent: 10, holdSeconds: 60 }] });

/** A release whose steps up to one are done, that one being as far as it is said. */
function upTo(id: string, state: StepProgress["state"] = "done", rest: Partial<ReleaseProgress> = {}): ReleaseProgress {
  const index = plan.steps.findIndex((step) => step.id === id);
  const steps = plan.steps
    .slice(0, index + 1)
    .map(({ id: each, kind }) => [each, { kind, state: each === id ? state : "done", attempts: 1 }] as const);
  return { state: "running", steps: new Map(steps), ...rest };
}

const restore = { id: "traffic.restore", kind: "traffic.restore" } as const;

function withStep(
  progress: ReleaseProgress,
  { id, kind }: Pick<PlannedStep, "id" | "kind">,
  state: StepProgress["state"],
): ReleaseProgress {
  return { ...progress, steps: new Map([...progress.steps, [id, { kind, state, attempts: 1 }]]) };
}

const withRestore = (progress: ReleaseProgress, state: StepProgress["state"]) => withStep(progress, restore, state);

const next = (progress: ReleaseProgress, now = start) => {
  const found = nextStep(plan, progress, now);
  return "step" in found
    ? `${found.type} ${found.step.id}`
    : [found.type, "outcome" in found ? found.outcome : ""].join(" ").trim();
};

describe("nextStep", () => {
  it("takes the first step that is not done", () => {
    expect(next({ state: "running", steps: new Map() })).toBe("run checklist");
    expect(next(upTo("infrastructure.plan", "nothing-to-do"))).toBe("run infrastructure.approve");
  });

  it("takes one again that was broken off or paused, and counts", () => {
    expect(nextStep(plan, upTo("traffic.judge.10", "started"), start)).toMatchObject({ type: "run", attempt: 2 });
    expect(next(upTo("infrastructure.approve", "paused", { state: "paused" }))).toBe("run infrastructure.approve");
  });

  it("goes live after the last step before the checkpoints", () => {
    expect(next(upTo("smoke"))).toBe("go-live");
  });

  it("waits for checkpoints, each from the moment that all of the traffic went to it", () => {
    const live = upTo("smoke", "done", { state: "live", liveAt });
    expect(nextStep(plan, live, start + 5 * minute - 1)).toMatchObject({ type: "wait", dueAt: start + 5 * minute });
    expect(next(live, start + 5 * minute)).toBe("run checkpoint.immediate");
    const later = upTo("checkpoint.immediate", "done", { state: "live", liveAt });
    expect(nextStep(plan, later, start + 59 * minute)).toMatchObject({ type: "wait", dueAt: start + 60 * minute });
    expect(next(later, start + 60 * minute)).toBe("run checkpoint.short");
    expect(next(upTo("checkpoint.extended", "done", { state: "live", liveAt }), start)).toBe("nothing");
  });

  it("lets later checkpoints come while an earlier one waits for a person", () => {
    const undecided = upTo("checkpoint.immediate", "paused", { state: "live", liveAt });
    expect(next(undecided, start + 60 * minute)).toBe("run checkpoint.immediate");
    const setAside = new Set(["checkpoint.immediate"]);
    expect(nextStep(plan, undecided, start + 60 * minute, setAside)).toMatchObject({
      step: { id: "checkpoint.short" },
    });
  });

  it("judges no checkpoint of a release that another one's traffic has come after", () => {
    const overtaken = upTo("smoke", "done", { state: "live", liveAt, overtakenBy: "r3" });
    expect(next(overtaken, start + 60 * minute)).toBe("nothing");
    expect(remainingSteps(plan, overtaken)).toEqual([]);
  });

  it.each(["traffic.judge.10", "smoke"])("puts the traffic back when %s was judged bad, and then ends", (id) => {
    const bad = upTo(id, "failed");
    expect(next(bad)).toBe("run traffic.restore");
    expect(next(withRestore(bad, "started"))).toBe("run traffic.restore");
    expect(next(withRestore(bad, "failed"))).toBe("run traffic.restore");
    expect(next(withRestore(bad, "done"))).toBe("end put-back");
  });

  it("puts a live release back whose checkpoint was judged bad", () => {
    const bad = upTo("checkpoint.immediate", "failed", { state: "live", liveAt });
    expect(isUnfinished(bad)).toBe(true);
    expect(next(bad)).toBe("run traffic.restore");
    expect(next(withRestore(bad, "nothing-to-do"))).toBe("end put-back");
  });

  it("just ends what is judged bad before any traffic moved", () => {
    expect(next(upTo("code.prove.api-handler", "failed"))).toBe("end failed");
  });

  it("puts back what somebody wants put back, also when a shift was begun whose end is not known", () => {
    expect(next(upTo("code.publish.api-handler", "done", { puttingBack: "a person says so" }))).toBe("end put-back");
    expect(next(upTo("traffic.shift.10", "started", { puttingBack: "a person says so" }))).toBe("run traffic.restore");
    expect(next(withRestore(upTo("smoke", "paused", { puttingBack: "a person says so" }), "done"))).toBe(
      "run traffic.verify.restored",
    );
  });

  it("writes down how the infrastructure was left that it was broken off in, before it ends", () => {
    const because = { puttingBack: "a person says so" };
    const brokenOff = upTo("infrastructure.apply", "started", because);
    const settle = { id: "infrastructure.settle", kind: "infrastructure.settle" } as const;
    expect(next(brokenOff)).toBe("run infrastructure.settle");
    expect(next(withStep(brokenOff, settle, "done"))).toBe("end put-back");
    // What is left of a broken-off apply may wait for approval; who waits for the first one has changed nothing.
    expect(next(upTo("infrastructure.apply", "paused", because))).toBe("run infrastructure.settle");
    expect(next(upTo("infrastructure.approve", "paused", because))).toBe("end put-back");
    expect(next(upTo("infrastructure.apply", "done", because))).toBe("end put-back");
  });

  it("has nothing left for a release that is over", () => {
    for (const state of ["failed", "put-back", "superseded"] as const) {
      expect(next(upTo("smoke", "done", { state, liveAt }), start + 99 * minute)).toBe("nothing");
      expect(remainingSteps(plan, upTo("smoke", "done", { state }))).toEqual([]);
    }
  });

  it("takes every step of any plan once, in its order, wherever it is broken off", () => {
    fc.assert(
      fc.property(releaseFacts, policies, fc.infiniteStream(fc.boolean()), (anyFacts, policy, breaks) => {
        const anyPlan = planRelease(anyFacts, policy);
        const finished: PlannedStep[] = [];
        let progress: ReleaseProgress = { state: "running", steps: new Map() };
        let now = start;
        for (;;) {
          const found = nextStep(anyPlan, progress, now);
          expect(remainingSteps(anyPlan, progress).map(({ id }) => id)).toEqual(
            anyPlan.steps.slice(finished.length).map(({ id }) => id),
          );
          if (found.type === "nothing") break;
          if (found.type === "wait") {
            expect(found.dueAt).toBeGreaterThan(now);
            now = found.dueAt;
          } else if (found.type === "go-live") {
            progress = { ...progress, state: "live", liveAt };
          } else if (found.type === "run") {
            const isBrokenOff = breaks.next().value === true && found.attempt < 5;
            const step = {
              kind: found.step.kind,
              state: isBrokenOff ? "started" : "done",
              attempts: found.attempt,
            } as const;
            progress = { ...progress, steps: new Map([...progress.steps, [found.step.id, step]]) };
            if (!isBrokenOff) finished.push(found.step);
          } else {
            throw new Error(`an unexpected end: ${found.outcome}`);
          }
        }
        expect(finished).toEqual(anyPlan.steps);
      }),
    );
  });

  it("only goes back from the moment that something was judged bad, and restores exactly where traffic may have moved", () => {
    const places = plan.steps.filter(({ kind }) => kind !== "checkpoint");
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.boolean(), ({ id, kind }, isJudged) => {
        let progress = isJudged ? upTo(id, "failed") : upTo(id, "started", { puttingBack: "a person says so" });
        const hasMoved =
          places.indexOf(places.find((each) => each.id === id) as PlannedStep) >=
          places.findIndex((each) => each.kind === "traffic.shift");
        const taken: string[] = [];
        for (;;) {
          const found = nextStep(plan, progress, start + 9e9);
          if (found.type === "end") {
            expect(found.outcome).toBe(hasMoved || !isJudged ? "put-back" : "failed");
            break;
          }
          expect(found.type, `${kind} is followed by ${found.type}`).toBe("run");
          taken.push(found.type === "run" ? found.step.id : found.type);
          progress = withStep(progress, found.type === "run" ? found.step : restore, "done");
        }
        const wasInTerraform = !isJudged && /^infrastructure\.(plan|approve|apply)$/.test(kind);
        // Who asks for it gets to know how it is afterwards.
        const verified = isJudged ? [] : ["traffic.verify.restored"];
        expect(taken).toEqual(
          hasMoved ? ["traffic.restore", ...verified] : wasInTerraform ? ["infrastructure.settle"] : [],
        );
      }),
    );
  });
});
