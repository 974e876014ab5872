import type { Evidence, ValidationMeasurements, ValidationWindow } from "@slipway/contracts";
import { evidenceSchema, validationConfigSchema } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { judgeValidation } from "./judge-validation.ts";
import { type GoodParts, goodConfig, goodMeasurements, goodParts } from "./test/good-measurements.ts";

function judge(measurements: ValidationMeasurements, config = goodConfig()): readonly Evidence[] {
  const makeTraffic = "slipway local traffic prod --over 24h";
  return judgeValidation({ measurements, config, flags: " --local", makeTraffic });
}

const bad = (evidence: readonly Evidence[]) =>
  evidence
    .filter(({ status }) => status !== "pass")
    .map(({ check, status }) => `${check.replace("validation.", "")} ${status}`)
    .filter((text, index, all) => all.indexOf(text) === index);

const { lambda, stage, table, probe, alarm } = goodParts;
const parts = (changed: Partial<GoodParts>) => () => goodMeasurements("extended", changed);
const day = (change: (good: ValidationMeasurements) => Partial<ValidationMeasurements>) => () => {
  const good = goodMeasurements("extended");
  return { ...good, ...change(good) };
};

describe("a good day", () => {
  it.each<[ValidationWindow, number]>([
    ["immediate", 7],
    ["short", 13],
    ["extended", 19],
  ])("passes all checks of the window %s: its own and those of the windows before", (window, checks) => {
    const evidence = judge(goodMeasurements(window));

    expect(bad(evidence)).toEqual([]);
    expect(new Set(evidence.map(({ check }) => check)).size).toBe(checks);
    expect(evidence[0]?.check).toBe(`validation.${window}.window-complete`);
    for (const each of evidence) {
      expect(() => evidenceSchema.parse(each)).not.toThrow();
    }
  });

  it("is judged alike each time, with the time of the measurement", () => {
    const measurements = goodMeasurements("extended");
    expect(judge(measurements)).toEqual(judge(measurements));
    expect(new Set(judge(measurements).map(({ at }) => at))).toEqual(new Set([measurements.at]));
  });
});

it("passes more lines about errors where there are as many more calls", () => {
  const before = { ...lambda.baseline, calls: Math.round(lambda.calls / 8) };
  const good = goodMeasurements("immediate", { lambda: { ...lambda, baseline: before } });
  const counts = { period: { count: 80, more: false }, baseline: { count: 10, more: false } };
  const evidence = judge({ ...good, errorLines: { value: { ...counts, unusual: [] } } });
  expect(bad(evidence)).toEqual([]);
});

describe("one thing that is wrong fails the lines that are about it, and no other", () => {
  it.each<[string, () => ValidationMeasurements, string[]]>([
    [
      "the function is not active",
      parts({ functions: { ...goodParts.functions, state: "Failed", reason: "image is gone" } }),
      ["immediate.function-responds fail"],
    ],
    [
      "the health answers 500",
      parts({ probe: { ...probe, status: 500 } }),
      ["immediate.function-responds fail", "immediate.endpoints-accessible fail"],
    ],
    [
      "nobody answers",
      parts({ probe: { ...probe, status: null, why: "connection refused" } }),
      ["immediate.function-responds fail", "immediate.endpoints-accessible fail"],
    ],
    [
      "many answers are 5xx",
      parts({ stage: { ...stage, serverErrors: 90 } }),
      ["immediate.no-error-spike fail", "short.error-rate fail"],
    ],
    [
      "many calls fail",
      parts({ lambda: { ...lambda, errors: 90 } }),
      ["immediate.no-error-spike fail", "short.error-rate fail"],
    ],
    ["many answers are slow", parts({ stage: { ...stage, slow: 300 } }), ["short.response-time fail"]],
    [
      "an index has refused writes",
      parts({ table: { ...table, throttledWrites: 12 } }),
      ["immediate.table-operations fail", "short.no-throttling fail"],
    ],
    ["DynamoDB has failed", parts({ table: { ...table, systemErrors: 2 } }), ["immediate.table-operations fail"]],
    [
      "calls were broken off",
      day(() => ({ timeouts: { value: [{ function: "orders-prod", timeoutMs: 10_000, count: 2 }] } })),
      ["short.no-timeouts fail"],
    ],
    ["a call took as long as it may", parts({ lambda: { ...lambda, longestMs: 10_000 } }), ["short.no-timeouts fail"]],
    [
      "a function writes no log any more",
      day(({ logActivity }) => ({
        logActivity: {
          value: "value" in logActivity ? logActivity.value.map((each) => ({ ...each, hasEventsSince: false })) : [],
        },
      })),
      ["short.logs-written fail"],
    ],
    [
      "a metric is missing",
      parts({ lambda: { ...lambda, minutesWithData: { ...lambda.minutesWithData, Duration: 0 } } }),
      ["short.metrics-collected fail"],
    ],
    [
      "errors of a new kind",
      day(() => ({
        errorLines: {
          value: {
            ...{ period: { count: 3, more: false }, baseline: { count: 2, more: false } },
            unusual: [
              { kind: "new", fingerprint: "TypeError: x is undefined", before: 0, now: 3, example: "TypeError" },
            ],
          },
        },
      })),
      ["extended.error-patterns fail"],
    ],
    [
      "many more lines about errors of a known kind",
      day(() => ({
        errorLines: {
          value: { period: { count: 80, more: false }, baseline: { count: 10, more: false }, unusual: [] },
        },
      })),
      ["immediate.no-error-spike fail"],
    ],
    [
      "an hour was slow",
      parts({
        stage: { ...stage, byHour: slowHour(13, 40) },
      }),
      ["extended.performance-stable fail"],
    ],
    [
      "a month is too dear",
      day(() => ({ cost: { value: { usdPerMonth: 70, days: 1, unknownLines: 0, gaps: [] } } })),
      ["extended.cost-expected fail"],
    ],
    [
      "something is open to the world",
      day(() => ({
        security: {
          resources: 40,
          findings: [
            {
              ...{ id: "exposure.bucket-acl", severity: "high", status: "fail", address: "aws_s3_bucket.open" },
              ...{ reason: "Everybody can read it.", next: "take the ACL away" },
            },
          ],
        },
      })),
      ["extended.no-security-issues fail"],
    ],
    [
      "users complain",
      day(({ at }) => ({ signOff: { by: "Jane Doe", feedback: "negative", note: "the shop is slow", at } })),
      ["extended.user-feedback fail"],
    ],
    [
      "an alarm is gone",
      parts({ alarm: { ...alarm, observed: null, drill: null } }),
      ["extended.alarms-functioning fail"],
    ],
    [
      "an alarm does not go off",
      parts({ alarm: { ...alarm, drill: { value: { goesOff: false, recovers: true, actions: [], found: "quiet" } } } }),
      ["extended.alarms-functioning fail"],
    ],
    [
      "an alarm rings",
      parts({ alarm: { ...alarm, observed: alarm.observed && { ...alarm.observed, state: "ALARM" } } }),
      ["extended.alarms-functioning fail"],
    ],
    [
      "an alarm tells nobody",
      parts({ alarm: { ...alarm, observed: alarm.observed && { ...alarm.observed, alarmActions: [] } } }),
      ["extended.alarms-functioning fail"],
    ],
    [
      "a CORS header is another one",
      day(({ probes }) => ({
        probes: {
          value:
            "value" in probes
              ? probes.value.map((each) => ({ ...each, cors: { "access-control-allow-origin": "*" } }))
              : [],
        },
      })),
      ["immediate.cors-headers fail"],
    ],
    [
      "the request is in no log",
      day(({ logged }) => ({
        logged: {
          value: {
            ...("value" in logged ? logged.value : never()),
            groups: "value" in logged ? logged.value.groups.map((each) => ({ ...each, afterMs: null })) : [],
          },
        },
      })),
      ["immediate.request-logging fail"],
    ],
  ])("%s", (_what, measurements, expected) => {
    const evidence = judge(measurements());
    expect(bad(evidence)).toEqual(expected);
    for (const { status, next } of evidence.filter((each) => each.status === "fail")) {
      expect([status, next]).toEqual(["fail", expect.stringMatching(/\w/)]);
    }
  });
});

/** A day in which one hour had so many slow answers. */
function slowHour(at: number, slow: number): GoodParts["stage"]["byHour"] {
  const { byHour } = stage;
  return byHour && { ...byHour, hours: byHour.hours.map((hour, index) => (index === at ? { ...hour, slow } : hour)) };
}

function never(): never {
  throw new Error("not measured");
}

describe("what is not known is no pass", () => {
  const nobody: Partial<GoodParts> = {
    lambda: {
      ...{ ...lambda, calls: 0, errors: 0, longestMs: null, lastCallAt: null },
      minutesWithData: { Invocations: 0, Errors: 0, Duration: 0 },
    },
    stage: {
      ...{
        ...stage,
        requests: 0,
        serverErrors: 0,
        slow: 0,
        timed: 0,
        longestMs: null,
        lastRequestAt: null,
        byHour: null,
      },
      minutesWithData: { Count: 0, "5XXError": 0, Latency: 0, IntegrationLatency: 0 },
    },
    table: { ...table, requests: 0, minutesWithData: { SuccessfulRequestLatency: 0 } },
  };

  it("nobody used it: says how to get traffic, and judges what the validation itself has asked", () => {
    const good = goodMeasurements("short", nobody);
    const quiet: ValidationMeasurements = {
      ...good,
      errorLines: { value: { period: { count: 0, more: false }, baseline: { count: 0, more: false }, unusual: [] } },
      logActivity: {
        value:
          "value" in good.logActivity
            ? good.logActivity.value.map((each) => ({
                ...each,
                hasEvents: false,
                hasEventsSince: null,
                hasSettledEvents: false,
              }))
            : [],
      },
    };
    const evidence = judge(quiet);

    expect(evidence.filter(({ status }) => status === "fail")).toEqual([]);
    expect(bad(evidence)).toEqual([
      "immediate.no-error-spike unknown",
      "short.error-rate unknown",
      "short.response-time unknown",
      "short.no-throttling unknown",
      "short.no-timeouts unknown",
      "short.logs-written unknown",
      "short.metrics-collected unknown",
    ]);
    expect(evidence.find(({ check }) => check.endsWith("error-rate"))).toMatchObject({
      found: "no request in the last hour",
      next: "slipway local traffic prod --over 24h",
    });
  });

  it("metrics are missing although the logs show traffic: a failure, which metrics alone could not say", () => {
    const evidence = judge(goodMeasurements("short", nobody)).filter(({ check }) =>
      check.endsWith("metrics-collected"),
    );
    expect(evidence.map(({ subject, status }) => [subject, status])).toEqual([
      ["orders-prod", "fail"],
      ["orders prod", "fail"],
      ["orders-prod", "unknown"],
      ["Orders", "pass"],
    ]);
  });

  it("too few requests for a rate", () => {
    const few = goodMeasurements("short", { stage: { ...stage, requests: 12, timed: 12, serverErrors: 0, slow: 0 } });
    expect(bad(judge(few))).toEqual(["short.error-rate unknown", "short.response-time unknown"]);
  });

  it("the window is not over", () => {
    const good = goodMeasurements("short");
    const at = "2026-11-28T11:48:00.000Z";
    const [complete] = judge({ ...good, released: { value: { at, from: "version 8 of orders-prod" } } });
    expect(complete).toMatchObject({ check: "validation.short.window-complete", status: "unknown" });
    expect(complete?.found).toBe(
      "12 min of 1 h have passed: released 2026-11-28 11:48 UTC (version 8 of orders-prod); it can be judged at 2026-11-28 12:48 UTC",
    );
  });

  it("the first release has nothing to be compared with: no error is none, many are too many, and a few are not known to be usual", () => {
    const first = (serverErrors: number) =>
      goodMeasurements("immediate", {
        stage: { ...stage, serverErrors, baseline: { requests: 0, serverErrors: 0 } },
        lambda: { ...lambda, errors: 0 },
      });
    expect([0, 4, 200].map((errors) => bad(judge(first(errors))))).toEqual([
      [],
      ["immediate.no-error-spike unknown"],
      ["immediate.no-error-spike fail"],
    ]);
  });

  it("everything that could not be read", () => {
    const unknown = { unknown: "AccessDenied: logs:FilterLogEvents", next: "ask for the role operate" };
    const evidence = judge({
      ...goodMeasurements("extended"),
      ...{ released: unknown, functions: unknown, metrics: unknown, errorLines: unknown, timeouts: unknown },
      ...{ logActivity: unknown, probes: unknown, logged: unknown, smoke: unknown, alarms: unknown, cost: unknown },
      ...{ signOff: null, security: null },
    });
    expect(evidence.filter(({ status }) => status !== "unknown")).toEqual([]);
    expect(new Set(evidence.map(({ check }) => check)).size).toBe(19);
  });

  it("what is expected of CORS and of the cost, where nobody has said it", () => {
    const good = goodMeasurements("extended");
    const silent = {
      ...good,
      probes: { value: "value" in good.probes ? good.probes.value.map((each) => ({ ...each, expectedCors: {} })) : [] },
    };
    expect(bad(judge(silent, validationConfigSchema.parse({})))).toEqual([
      "immediate.cors-headers unknown",
      "extended.cost-expected unknown",
    ]);
  });
});
