import type { IncidentImpact, IncidentSignal } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { judgeSeverity } from "./judge-severity.ts";
import { config } from "./test/healthy-measurements.ts";

const signal = (kind: IncidentSignal["kind"], rest: Partial<IncidentSignal> = {}): IncidentSignal => ({
  ...{ id: kind, kind, resource: { type: "api", name: "a/b" }, what: "what was seen", since: "2026-11-28T12:00:00Z" },
  ...rest,
});
/** The limit is the highest that it is above beyond chance. */
const percent = (value: number, limit: number) => ({ value, limit, unit: "%" }) as const;

const table = { resource: { type: "table", name: "items" } } as const;

const impact = (rest: Partial<IncidentImpact> = {}): IncidentImpact => ({
  ...{ from: "2026-11-28T12:00:00Z", to: "2026-11-28T12:10:00Z", requests: 1_000, failed: 0, slow: 0 },
  ...{ refused: null, callers: null, badMinutes: 5, ...rest },
});

const judged = (signals: IncidentSignal[], of?: IncidentImpact) => judgeSeverity(signals, of, config.incidents);

describe("judgeSeverity", () => {
  it.each<[string, IncidentSignal[], IncidentImpact | undefined, number]>([
    ["most answers are errors", [signal("errors", percent(80, 50))], undefined, 1],
    ["a table fails, which users need", [signal("errors", { ...percent(99, 50), ...table })], undefined, 1],
    ["a table fails, which few users need", [signal("errors", { ...percent(99, 50), ...table })], impact(), 2],
    ["none of our own requests gets through", [signal("probe", percent(100, 0))], undefined, 1],
    ["data are damaged", [signal("data")], undefined, 1],
    ["somebody may do what nobody should", [signal("security")], undefined, 1],
    ["more than 5 % errors", [signal("errors", percent(6, 5))], undefined, 2],
    ["a quarter is slow", [signal("latency", percent(30, 25))], undefined, 2],
    ["most are refused, and the others served", [signal("throttling", percent(90, 50))], undefined, 2],
    ["some of our own requests fail", [signal("probe", percent(50, 0))], undefined, 2],
    ["all of our own fail, and others do not", [signal("probe", percent(100, 0))], impact(), 2],
    ["6 % errors, where 5 % may be chance", [signal("errors", percent(6, 1))], undefined, 3],
    ["2 % errors", [signal("errors", percent(2, 1))], undefined, 3],
    ["2 % errors for an hour", [signal("errors", percent(2, 1))], impact({ failed: 20, badMinutes: 60 }), 2],
    ["12 % slow answers", [signal("latency", percent(12, 10))], undefined, 3],
    ["rights that are gone, and nobody hit", [signal("security", { fingerprint: "AccessDenied: ..." })], undefined, 3],
    ["calls that are broken off", [signal("resources", { unit: "count", value: 9 })], undefined, 3],
    ["an alarm", [signal("alarm")], undefined, 3],
    ["an alarm that says how bad it is", [signal("alarm", { severity: 1 })], undefined, 1],
    ["errors in the logs", [signal("log-errors", { unit: "count", value: 9 })], undefined, 4],
    ["memory that runs out", [signal("resources", { unit: "MB", value: 126 })], undefined, 4],
    ["a backup that was not made", [signal("backup")], undefined, 4],
    [
      "a backup that was not made, by an alarm that says how bad it is",
      [signal("backup", { severity: 3 })],
      undefined,
      3,
    ],
    ["an alarm that is missing", [signal("monitoring")], undefined, 4],
    ["a lock of a dead process", [signal("operations")], undefined, 4],
    ["what a canary judges", [signal("errors", { ...percent(80, 50), aside: "a canary" })], undefined, 4],
    ["errors that are in the impact only", [signal("log-errors")], impact({ failed: 90 }), 2],
  ])("%s", (_, signals, of, severity) => {
    expect(judged(signals, of).severity).toBe(severity);
  });

  it("gives its reasons with numbers, the worst first", () => {
    expect(
      judged(
        [
          signal("latency", { ...percent(12, 10), what: "12 % are slow" }),
          signal("errors", { ...percent(8, 5), what: "8 % fail" }),
        ],
        impact({ failed: 80 }),
      ).reasons,
    ).toEqual([
      "high: 8 % fail",
      "high: 80 of 1,000 requests (8 %) have failed since 2026-11-28T12:00:00Z; above 5 %",
      "medium: 12 % are slow",
    ]);
  });

  it("says so where there is nothing to say", () => {
    expect(judged([])).toEqual({ severity: 4, reasons: ["Nothing is known that hits anybody."] });
  });
});
