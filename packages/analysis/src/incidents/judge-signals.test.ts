import { incidentConfigSchema } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import type { IncidentMeasurements, OperationsMeasurement } from "./incident-measurements.ts";
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
import { idsOf as ids, signalsOf as signals } from "./test/judged.ts";
import { unknownSources } from "./unknown-sources.ts";

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
