import { describe, expect, it } from "vitest";
import type { ErrorCategory, LoggedError } from "./incident-measurements.ts";
import { FUNCTION, fn, MINUTE_MS, NOW, times } from "./test/healthy-measurements.ts";
import { idsOf as ids, signalsOf as signals } from "./test/judged.ts";

describe("logs", () => {
  const error: LoggedError = {
    ...{ fingerprint: "TypeError: no at f", category: "other", function: FUNCTION, firstAt: NOW - MINUTE_MS },
    ...{ count: 8, minutes: 3, before: 0, versions: { "8": 8 } },
  };
  const logs = (rest: Partial<LoggedError>, total: object = { total: 8, totalBefore: 0 }) => ({
    logs: {
      value: {
        errors: [{ ...error, ...rest }],
        total: 0,
        totalBefore: 0,
        windowMs: 300_000,
        beforeMs: 3_600_000,
        ...total,
      },
    },
  });

  it("tell of errors that are new", () => {
    expect(signals(logs({}))).toMatchObject([
      { kind: "log-errors", version: "8", fingerprint: error.fingerprint, value: 8, unit: "count" },
    ]);
  });

  it.each<[string, Partial<LoggedError>, object?]>([
    ["a few", { count: 3 }],
    ["what one caller repeats within a minute", { minutes: 1 }],
    ["what comes as often as before", { before: 90 }, { total: 8, totalBefore: 90 }],
    ["old errors under new names", {}, { total: 8, totalBefore: 90 }],
  ])("take %s for no trouble", (_, rest, total) => {
    expect(ids(logs(rest, total))).toEqual([]);
  });

  it("expect four times the errors of four times the traffic", () => {
    const busy = { functions: { value: [fn(...times(5, { calls: 400 }))] } };
    const more = logs({ count: 20, before: 50 }, { total: 20, totalBefore: 50 });

    expect(ids(more)).toHaveLength(1);
    expect(ids({ ...more, ...busy })).toEqual([]);
  });

  it.each<[ErrorCategory, string]>([
    ["access", "security"],
    ["memory", "resources"],
    ["data", "data"],
  ])("are sooner believed about %s", (category, kind) => {
    expect(signals(logs({ category, count: 3, minutes: 1 }, { total: 3, totalBefore: 0 }))).toMatchObject([{ kind }]);
  });

  it("tell of memory that is nearly used up", () => {
    const usual = { function: FUNCTION, memoryMb: 128, calls: 40, highMb: 124, mostMb: 126 };
    const memory = { value: [usual] };

    expect(signals({ memory })).toMatchObject([
      { id: `resources function ${FUNCTION}: memory`, value: 126, limit: 121, unit: "MB" },
    ]);
    expect(ids({ memory: { value: [{ ...usual, highMb: 100 }] } })).toEqual([]);
  });
});
