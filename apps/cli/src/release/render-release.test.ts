import { type ReleasePlan, releaseReportSchema } from "@slipway/contracts";
import type { ReleaseRecord, StepRecord } from "@slipway/release-engine";
import { planRelease } from "@slipway/release-plan";
import { describe, expect, it } from "vitest";
import { golden } from "../test/golden.ts";
import { plannedReport, releaseReport } from "./release-report.ts";
import { renderPlan } from "./render-plan.ts";
import { capital, renderRelease } from "./render-release.ts";
import { trafficWords } from "./traffic-words.ts";

const COMMAND = {
  ...{ command: "deploy" as const, environment: "prod", durationMs: 84_200.4 },
  target: { label: "local AWS at http://127.0.0.1:4566", flags: " --local" },
};

const PLAN: ReleasePlan = planRelease(
  {
    ...{ environment: "prod", release: "r2", previous: "r1", functions: ["orders"] },
    source: { commit: "1a2b3c4d5e6f".padEnd(40, "0"), tree: "a".repeat(40), dirty: true },
  },
  { approvals: 0, canary: [{ percent: 10, holdSeconds: 300 }] },
);

function step(id: string, state: StepRecord["state"] = "done", result?: unknown): [string, StepRecord] {
  const kind = PLAN.steps.find((each) => each.id === id)?.kind ?? "traffic.restore";
  return [id, { ...{ id, kind, state, result, attempts: 1, at: "2026-11-28T12:00:00.000Z" } }];
}

const MOVED = { function: "orders", functionName: "orders-prod", alias: "live", from: "6", to: "7" };
const SHIFTED = step("traffic.shift.10", "done", { percent: 10, functions: [MOVED] });
const PROMOTED = step("traffic.promote", "done", { percent: 100, functions: [MOVED] });

function record(change: Partial<ReleaseRecord> = {}): ReleaseRecord {
  return {
    ...{ id: "r2", plan: PLAN, authors: [], state: "live", checkpoints: {}, steps: new Map([SHIFTED, PROMOTED]) },
    ...{ startedAt: "2026-11-28T11:50:00.000Z", startedBy: "Jane", liveAt: "2026-11-28T12:00:00.000Z" },
    functions: [
      {
        ...{ name: "orders", functionName: "orders-prod", alias: "live", version: "7", previousVersion: "6" },
        artifactSha256: "ab".repeat(32),
      },
    ],
    ...change,
  };
}

const normal = (text: string) => text.split("\n").map((line) => line.trimEnd());

describe("a release for people", () => {
  it("ends with what was done, where to look, how to undo it, and what is still due", async () => {
    const checkpoints = { immediate: { verdict: "pass" as const, at: "2026-11-28T12:05:02.000Z", evidence: [] } };
    const report = releaseReport({ ...COMMAND, apiUrl: "http://127.0.0.1:4566/api" }, record({ checkpoints }));
    expect(releaseReportSchema.parse(report)).toEqual(report);
    await golden("deploy", report);
    expect(normal(renderRelease(report, 80))).toEqual([
      "",
      "r2 (commit 1a2b3c4d5e6f with changes that are not committed) is live in prod on",
      "  local AWS at http://127.0.0.1:4566 (84.2 s).",
      "",
      "  API          http://127.0.0.1:4566/api",
      "  Functions    orders-prod version 7, before 6, sha256 abababababab",
      "  Checkpoints  immediate  PASS at 2026-11-28 12:05Z",
      "               short      due from 2026-11-28 13:00Z on",
      "               extended   due from 2026-11-29 12:00Z on",
      "",
      "  Look       slipway status prod --local",
      "             slipway show prod r2 --local",
      "             slipway metrics prod --local",
      "  Still due  slipway watch prod --local",
      "  Undo       slipway rollback prod --local",
      "",
    ]);
  });

  it("says of one that is paused where it stands, and what goes on", () => {
    const paused = record({
      state: "paused",
      steps: new Map([step("checklist"), step("infrastructure.plan", "paused")]),
    });
    const report = releaseReport(COMMAND, { ...paused, liveAt: undefined }, "paused", "2 approvals are missing");
    const text = renderRelease(report, 120);
    expect(text.replace(/\n +/g, " ")).toContain(
      "is PAUSED on local AWS at http://127.0.0.1:4566 at step 2 of 16, plan the infrastructure.",
    );
    expect(text).toContain("2 approvals are missing.");
    expect(text).toContain("  Go on  slipway resume prod --local\n");
    expect(text).not.toContain("watch");
  });

  it("offers no way back where it was taken already", () => {
    const report = releaseReport(COMMAND, record({ state: "put-back", reason: "p99 is 5 times as long" }));
    const text = renderRelease(report, 120);
    expect(text).toContain("was PUT BACK");
    expect(text).toContain("p99 is 5 times as long.");
    // The digest is the one of version 7, which has gone.
    expect(text).toMatch(/orders-prod version 6 again, not 7\n/);
    expect(text).not.toMatch(/rollback|watch|Checkpoints/);
  });

  it("sends nobody back behind a live first release", () => {
    const first = (state: "live" | "paused") => record({ state, plan: { ...PLAN, previous: null } });
    const undo = "slipway deploy prod --local (a fix), or slipway destroy prod --local: nothing ran before";
    expect(renderRelease(releaseReport(COMMAND, first("live")), 120)).toContain(
      `  Undo       ${undo} this first release`,
    );
    expect(releaseReport(COMMAND, first("paused")).next.undo).toBe("slipway rollback prod --local");
  });

  it("leaves the spelling of names alone where a sentence begins with one", () => {
    expect(capital("lambda:InvokeFunction failed")).toBe("lambda:InvokeFunction failed");
    expect(capital("it was denied")).toBe("It was denied");
  });
});

describe("a plan for people", () => {
  it("has every step with its number and why it is there, within 80 columns", () => {
    const text = renderPlan(PLAN, "AWS", 80, false);
    expect(text).toContain("r2 would take commit 1a2b3c4d5e6f with changes that are not committed to prod on");
    for (const { title } of PLAN.steps) {
      expect(text).toContain(title);
    }
    expect(text).toContain("no traffic goes to a version that has not answered well");
    expect(text).not.toContain("Undo:");
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("says on demand how each step is undone, and is one JSON document", () => {
    expect(renderPlan(PLAN, "AWS", 120, true).match(/Undo: /g)).toHaveLength(PLAN.steps.length);
    const report = plannedReport(COMMAND, PLAN);
    expect(releaseReportSchema.parse(report)).toMatchObject({ outcome: "planned", plan: PLAN, release: "r2" });
    expect(report.next.goOn).toBe("slipway deploy prod --local");
  });
});

describe("where the traffic is", () => {
  it.each([
    ["before any was moved", [], "No traffic was moved: all of it goes where it went before."],
    ["in a canary", [SHIFTED], "10 % of the traffic of orders-prod goes to version 7, the rest to version 6."],
    ["after it", [SHIFTED, PROMOTED], "All of the traffic of orders-prod goes to version 7."],
    [
      "when it was put back",
      [SHIFTED, step("traffic.restore", "done", { percent: 0, functions: [{ ...MOVED, from: "7", to: "6" }] })],
      "All of the traffic of orders-prod goes to version 6.",
    ],
    [
      "in the middle of a move",
      [SHIFTED, step("traffic.promote", "started")],
      "It stopped in the middle of traffic.promote, so part of the traffic may have moved. Before that: 10 % of the traffic of orders-prod goes to version 7, the rest to version 6.",
    ],
  ])("%s", (_when, steps, words) => {
    expect(trafficWords({ steps: new Map(steps) })).toBe(words);
  });
});
