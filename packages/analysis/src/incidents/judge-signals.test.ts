import { incidentConfigSchema } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import type {
  ErrorCategory,
  IncidentMeasurements,
  LoggedError,
  OperationsMeasurement,
  ProbeMeasurement,
} from "./incident-measurements.ts";
import { judgeSeverity } from "./judge-severity.ts";
import { judgeSignals } from "./judge-signals.ts";
import {
  API,
  alarm,
  config,
  FUNCTION,
  fn,
  look,
  MINUTE_MS,
  minutes,
  NOW,
  ringing,
  stage,
  TABLE,
  table,
  times,
} from "./test/healthy-measurements.ts";
import { unknownSources } from "./unknown-sources.ts";

const signals = (rest: Partial<IncidentMeasurements>) => judgeSignals(look(rest), config);
const ids = (rest: Partial<IncidentMeasurements>) =>
  signals(rest).map(({ id, aside }) => (aside === undefined ? id : `(${id})`));
const iso = (at: number) => new Date(at).toISOString();

describe("judgeSignals", () => {
  it("says nothing where all is well", () => {
    expect(signals({})).toEqual([]);
  });

  it("tells of 5xx with the numbers, the limit, and when it began", () => {
    expect(signals({ stages: { value: [stage(...times(3, { errors: 8 }))] } })).toEqual([
      {
        id: `errors api ${API}`,
        kind: "errors",
        resource: { type: "api", name: API },
        what: `24 of 500 requests to ${API} (4.8 %) were answered with 5xx in 5 minutes; the limit is 1 %`,
        since: iso(NOW - 3 * MINUTE_MS),
        value: 4.8,
        limit: 1,
        unit: "%",
      },
    ]);
  });

  it("has limits as the configuration has them, which a severity goes by", () => {
    const incidents = incidentConfigSchema.parse({ errorPercent: { critical: 58, high: 29 } });
    const severityOf = (errors: number) => {
      const found = judgeSignals(look({ stages: { value: [stage(...times(5, { errors }))] } }), {
        ...config,
        incidents,
      });
      return judgeSeverity(found, undefined, incidents).severity;
    };

    expect([severityOf(20), severityOf(45), severityOf(80)]).toEqual([3, 2, 1]);
  });

  it("counts from the beginning of what has just begun, where that is plainly worse than the window", () => {
    expect(signals({ stages: { value: [stage({ errors: 96 })] } })).toMatchObject([
      { value: 96, what: expect.stringMatching(/^96 of 100 requests .* \(96 %\) were answered with 5xx in a minute/) },
    ]);
  });

  it.each<[string, Partial<IncidentMeasurements>]>([
    ["an outage of one minute", { stages: { value: [stage({ errors: 100 })] } }],
    ["3 % for half an hour", { stages: { value: [stage(...times(30, { errors: 3 }))] } }],
    [
      "an outage with three requests a minute",
      {
        stages: {
          value: [
            { ...stage(), minutes: minutes({ requests: 3, errors: 0, timed: 3, slow: 0 }, times(5, { errors: 3 })) },
          ],
        },
      },
    ],
  ])("finds %s", (_, rest) => {
    expect(ids(rest)).toEqual([`errors api ${API}`]);
  });

  it.each<[string, Partial<IncidentMeasurements>]>([
    [
      "one failed request of a quiet night",
      {
        stages: {
          value: [{ ...stage(), minutes: minutes({ requests: 4, errors: 0, timed: 4, slow: 0 }, [{ errors: 1 }]) }],
        },
      },
    ],
    [
      "what was over 20 minutes ago",
      {
        stages: { value: [stage(...times(10, { errors: 60 }), ...times(20, {}))] },
      },
    ],
    ["a few cold starts", { stages: { value: [stage({ slow: 20 })] } }],
  ])("takes %s for no trouble", (_, rest) => {
    expect(ids(rest)).toEqual([]);
  });

  it("tells of slow answers, refused ones, and of what a function and a table do not do", () => {
    const refused = { value: [{ at: NOW - 2 * MINUTE_MS, count: 40 }] };
    expect(
      ids({
        stages: { value: [{ ...stage(...times(5, { slow: 30 })), refused }] },
        functions: { value: [fn(...times(5, { errors: 9, throttles: 9, long: 9 }))] },
        tables: { value: [table(...times(5, { throttles: 20, systemErrors: 9 }))] },
      }),
    ).toEqual([
      `latency api ${API}`,
      `throttling api ${API}`,
      `errors function ${FUNCTION}`,
      `throttling function ${FUNCTION}`,
      `resources function ${FUNCTION}: timeout`,
      `throttling table ${TABLE}`,
      `errors table ${TABLE}`,
    ]);
  });

  it("is silent about what could not be read, and says so", () => {
    const unknown = { unknown: "CloudWatch does not answer: timeout" };
    const measurements = look({ stages: unknown, functions: unknown, tables: unknown, logs: { unknown: "denied" } });

    expect(judgeSignals(measurements, config)).toEqual([]);
    expect(unknownSources(measurements, config)).toEqual([
      { source: "metrics of the API, metrics of the functions, metrics of the tables", why: unknown.unknown },
      { source: "logs of the functions", why: "denied" },
    ]);
  });
});

describe("a canary", () => {
  const version = (name: string, calls: number, errors: number) => ({
    version: name,
    minutes: minutes({ calls, errors: 0, slow: 0 }, times(5, { errors })),
  });
  const rollout: OperationsMeasurement["rollout"] = {
    ...{ release: "r5", state: "judged", changesInfrastructure: false },
    versions: [{ function: FUNCTION, version: "8" }],
  };
  const bad = {
    stages: { value: [stage(...times(5, { errors: 9 }))] },
    functions: { value: [{ ...fn(), versions: [version("7", 90, 0), version("8", 10, 9)] }] },
  };
  const operations = (state: "judged" | "put-back"): OperationsMeasurement => ({
    ...{ lease: null, unfinished: null },
    rollout: { ...rollout, state },
  });

  it("is told of, and is not judged twice", () => {
    expect(signals({ ...bad, operations: operations("judged") })).toMatchObject([
      {
        kind: "errors",
        version: "8",
        aside: `it is version 8 of ${FUNCTION}, whose canary r5 judges, and takes back where it is bad`,
      },
    ]);
    expect(signals({ ...bad, operations: operations("put-back") })[0]?.aside).toContain("r5 was put back");
  });

  it("is to blame where nobody judges it", () => {
    expect(signals(bad)).toMatchObject([{ kind: "errors", version: "8" }]);
    expect(signals(bad)[0]).not.toHaveProperty("aside");
  });

  it("excuses nothing that the old version does", () => {
    const functions = { value: [{ ...fn(), versions: [version("7", 90, 8), version("8", 10, 1)] }] };
    const [found] = signals({ ...bad, functions, operations: operations("judged") });

    expect(found?.aside).toBeUndefined();
  });

  it("also explains the alarms that go off for it", () => {
    const alarms = {
      value: [alarm("api-5xx", { metric: "errors", watches: [`api ${API}`], observed: ringing() })],
    };
    expect(ids({ ...bad, alarms, operations: operations("judged") })).toEqual([
      `(errors api ${API})`,
      "(alarm alarm api-5xx)",
    ]);
  });
});

describe("alarms", () => {
  const rate = { metric: "errors", watches: [`api ${API}`], observed: ringing() } as const;

  it("are taken at their word where nobody knows better", () => {
    expect(ids({ alarms: { value: [alarm("dead-letters", { observed: ringing() })] } })).toEqual([
      "alarm alarm dead-letters",
    ]);
    const often = alarm("dead-letters", { observed: ringing(), wentOff: 12 });
    expect(signals({ alarms: { value: [often] } })[0]?.what).toContain(", 12 times within a day: the threshold");
    expect(ids({ alarms: { value: [alarm("api-5xx", rate)] }, stages: { unknown: "down" } })).toEqual([
      "alarm alarm api-5xx",
    ]);
  });

  it("are not where the numbers may be chance, with those that look at them", () => {
    const found = signals({
      stages: { value: [stage({ errors: 1 }, ...times(5, {}), { errors: 1 })] },
      alarms: { value: [alarm("down", { children: ["api-5xx"], observed: ringing() }), alarm("api-5xx", rate)] },
    });

    expect(found.map(({ id, aside }) => [id, aside])).toEqual([
      ["alarm alarm api-5xx", "its numbers may be chance: 2 of 3,000 failed in half an hour"],
      ["alarm alarm down", "its numbers may be chance: 2 of 3,000 failed in half an hour"],
    ]);
  });

  it("are not where they look back to what is over", () => {
    const errors = [...times(10, { errors: 60 }), ...times(5, {}), { errors: 6 }];
    const [found] = signals({ stages: { value: [stage(...errors)] }, alarms: { value: [alarm("api-5xx", rate)] } });

    expect(found?.aside).toBe("it looks further back: 6 of 500 in the last minutes are good numbers again");
  });

  it.each<[string, Parameters<typeof alarm>[1], string]>([
    ["missing", { observed: null }, "is not there"],
    ["disabled", { observed: { ...ringing(), state: "OK", actionsEnabled: false } }, "is disabled"],
    ["without actions", { observed: { ...ringing(), state: "OK", actions: 0 } }, "would tell 0 of the 1"],
    ["whose action failed", { failedActions: [{ at: NOW, why: "the topic is gone" }] }, "the topic is gone"],
  ])("that are %s do not watch", (_, rest, what) => {
    const alarms = { value: [alarm("api-5xx", rest)] };
    const during = {
      ...{ lease: null, unfinished: null },
      rollout: { release: "r5", state: "judged", versions: [], changesInfrastructure: true },
    } as const;

    expect(signals({ alarms })).toMatchObject([
      { id: "monitoring alarm api-5xx", what: expect.stringContaining(what) },
    ]);
    expect(ids({ alarms, operations: during })).toEqual(["(monitoring alarm api-5xx)"]);
  });

  it("need no action where the state gives them none", () => {
    expect(
      ids({
        alarms: {
          value: [
            alarm("part", {
              expectedActions: 0,
              observed: { ...ringing(), state: "OK", actions: 0, actionsEnabled: false },
            }),
          ],
        },
      }),
    ).toEqual([]);
  });
});

describe("our own requests", () => {
  const probe = (name: string, ...statuses: (number | null)[]): ProbeMeasurement => ({
    ...{ name, expected: [200] },
    attempts: statuses.map((status) => ({
      status,
      durationMs: 5,
      ...(status === null && { why: "connection refused" }),
    })),
  });
  const probes = (...sent: ProbeMeasurement[]) => ({ value: { stage: API, sent } });
  const nobody = { value: [{ ...stage(), minutes: [] }] };

  it("are told of when they fail each time", () => {
    expect(signals({ probes: probes(probe("GET /a", 503, 503, 503), probe("GET /b", 503, 200)) })).toMatchObject([
      {
        kind: "probe",
        value: 50,
        what: "1 of 2 requests of our own is not answered as they should be, tried 3 times: GET /a: 503 instead of 200",
      },
    ]);
  });

  it("without an answer are an outage only where nobody else gets through", () => {
    const unanswered = { probes: probes(probe("GET /a", null, null)) };

    expect(ids({ ...unanswered, stages: nobody })).toEqual([`probe api ${API}`]);
    expect(ids(unanswered)).toEqual([]);
    expect(unknownSources(look(unanswered), config)).toMatchObject([{ source: "our own requests" }]);
  });
});

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
