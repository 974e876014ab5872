import { describe, expect, it } from "vitest";
import type { IncidentMeasurements, OperationsMeasurement } from "./incident-measurements.ts";
import { MINUTE_MS, NOW } from "./test/healthy-measurements.ts";
import { idsOf as ids } from "./test/judged.ts";

describe("what somebody has begun", () => {
  const lock = { location: "s3://states/prod", who: "jane@build-7", operation: "OperationTypeApply" };
  const lease = { who: "slipway deploy prod on build-7", takenAt: NOW - 3_600_000 };
  const held = { ...lease, state: "held", expiresAt: NOW + 30_000 } as const;
  const dead = { ...lease, state: "dead", expiresAt: NOW + 30_000 } as const;
  const unfinished: NonNullable<OperationsMeasurement["unfinished"]> = {
    ...{
      release: "r5",
      state: "running",
      step: "traffic.shift.10",
      waitsForPeople: false,
      lastAt: NOW - 10 * MINUTE_MS,
    },
  };
  const none = { lease: null, unfinished: null, rollout: null };

  it.each<[string, Partial<IncidentMeasurements>, string[]]>([
    [
      "a lock of a dead process",
      { lock: { value: { ...lock, since: NOW, abandoned: true } } },
      ["operations state s3://states/prod"],
    ],
    [
      "a lock that nobody's work explains",
      { lock: { value: { ...lock, since: NOW - 40 * MINUTE_MS, abandoned: null } } },
      ["operations state s3://states/prod"],
    ],
    [
      "a lock of somebody at work",
      {
        lock: { value: { ...lock, since: NOW - 40 * MINUTE_MS, abandoned: null } },
        operations: { ...none, lease: held },
      },
      [],
    ],
    ["a fresh lock", { lock: { value: { ...lock, since: NOW - MINUTE_MS, abandoned: null } } }, []],
    ["a lease of nobody that nobody needs", { operations: { ...none, lease: dead } }, ["(operations lease lease)"]],
    [
      "a release of a dead process",
      { operations: { ...none, lease: dead, unfinished } },
      ["operations lease lease", "operations environment r5: unfinished"],
    ],
    ["a release that somebody is at", { operations: { ...none, lease: held, unfinished } }, []],
    [
      "an approval that is waited for",
      {
        operations: {
          ...none,
          unfinished: { ...unfinished, state: "paused", waitsForPeople: true, lastAt: NOW - 90 * MINUTE_MS },
        },
      },
      ["(operations environment r5: unfinished)"],
    ],
    [
      "a canary that stands still",
      { operations: { ...none, unfinished: { ...unfinished, state: "paused", lastAt: NOW - 90 * MINUTE_MS } } },
      ["operations environment r5: unfinished"],
    ],
  ])("%s", (_, rest, expected) => {
    expect(ids(rest)).toEqual(expected);
  });
});
