import type { LedgerBody, LedgerEntry, StepKind } from "@slipway/contracts";
import { expect, it } from "vitest";
import { trafficWindow } from "./traffic-window.ts";

const NO_HASH = "0".repeat(64);

function entries(...steps: readonly [at: string, release: string, kind: StepKind, end?: "done" | "failed"][]) {
  return steps.map(([at, release, kind, outcome], index): LedgerEntry => {
    const step = { step: kind, kind };
    const body: LedgerBody =
      outcome === undefined
        ? { type: "step.started", ...step, attempt: 1 }
        : { type: "step.finished", ...step, outcome, summary: "", durationMs: 1 };
    return {
      ...{ version: 1, environment: "prod", sequence: index + 1, at: `2026-11-28T${at}Z`, by: { name: "Jane" } },
      ...{ token: 1, release, body, previous: NO_HASH, hash: NO_HASH },
    };
  });
}

const iso = (window: ReturnType<typeof trafficWindow>) =>
  window && [window.from, window.to].map((at) => at && new Date(at).toISOString().slice(11, 19));

it("begins with the first share of the traffic, and ends where it was put back", () => {
  const ledger = entries(
    ["12:00:00.100", "r2", "traffic.shift"],
    ["12:00:01.000", "r2", "traffic.shift", "done"],
    ["12:04:00.000", "r2", "traffic.judge", "failed"],
    ["12:04:00.500", "r2", "traffic.restore"],
    ["12:04:01.250", "r2", "traffic.restore", "done"],
  );
  expect(iso(trafficWindow(ledger, "r2"))).toEqual(["12:00:00", "12:04:02"]);
  expect(trafficWindow(ledger, "r1")).toBeUndefined();
});

it("ends where a later release has all of it, not where that one's canary began or failed", () => {
  const ledger = entries(
    ["12:00:00.000", "r2", "traffic.promote"],
    ["12:00:01.000", "r2", "traffic.promote", "done"],
    ["13:00:00.000", "r3", "traffic.shift"],
    ["13:00:01.000", "r3", "traffic.shift", "done"],
    ["13:05:00.000", "r3", "traffic.restore", "done"],
    ["14:00:00.000", "r4", "traffic.return"],
    ["14:00:00.000", "r4", "traffic.return", "done"],
  );
  expect(iso(trafficWindow(ledger, "r2"))).toEqual(["12:00:00", "14:00:01"]);
  expect(iso(trafficWindow(ledger, "r4"))).toEqual(["14:00:00", undefined]);
});
