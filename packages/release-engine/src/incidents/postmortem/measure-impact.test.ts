import { incidentConfigSchema, incidentImpactSchema, validationConfigSchema } from "@slipway/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MonitoredStage } from "../../monitoring/monitored-resources.ts";
import type { InsightsAnswer, LogsReader } from "../../ports/logs.ts";
import type { MetricPoint, MetricsReader } from "../../ports/metrics.ts";
import { denied, fakeLogs } from "../../validation/test/fake-observers.ts";
import { type ImpactQuestion, lookAtImpact, measureImpact } from "./measure-impact.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A whole minute. */
const START = Date.UTC(2026, 10, 28, 8);

const config = { incidents: incidentConfigSchema.parse({}), validation: validationConfigSchema.parse({}) };
const FORMAT = JSON.stringify({ status: "$context.status", sourceIp: "$context.identity.sourceIp" });
const STAGE: MonitoredStage = {
  ...{ apiId: "a1", apiName: "orders", stage: "prod" },
  ...{ accessLogGroup: "/aws/apigateway/a1", accessLogFormat: FORMAT },
};

/** What happened in a minute at a stage. */
interface Minute {
  readonly good: number;
  readonly failed: number;
  /** Of the good, and of the failed. */
  readonly slowGood: number;
  readonly slowFailed: number;
}

/** CloudWatch, whose minutes are there unless nothing was asked in them; values of longer periods are their sums. */
function cloudWatch(minutes: ReadonlyMap<string, readonly Minute[]>): MetricsReader {
  const valueIn = ({ good, failed, slowGood, slowFailed }: Minute, name: string) =>
    name === "Count" ? good + failed : name === "5XXError" ? failed : slowGood + slowFailed;
  return {
    async read(questions, { from, to }, periodSeconds) {
      const periodMs = periodSeconds * 1_000;
      return questions.map((question) => {
        if (!("metric" in question)) throw new Error("nothing is reckoned here");
        const { metric, id, statistic } = question;
        expect(statistic).toBe(metric.name === "Latency" ? "TC(1000:)" : "Sum");
        const points = new Map<number, number>();
        for (const [index, minute] of (minutes.get(metric.dimensions.ApiName ?? "") ?? []).entries()) {
          const at = Math.floor((START + index * MINUTE_MS) / periodMs) * periodMs;
          if (minute.good + minute.failed > 0 && at + periodMs > from && at < to) {
            points.set(at, (points.get(at) ?? 0) + valueIn(minute, metric.name));
          }
        }
        return { id, label: id, points: [...points].map(([at, value]): MetricPoint => ({ at, value })) };
      });
    },
    list: () => Promise.reject(new Error("not asked here")),
  };
}

/** Access logs that answer by the query. */
function insights(answer: (query: string) => readonly Readonly<Record<string, string>>[]): LogsReader {
  const statistics = { recordsMatched: 0, recordsScanned: 0, bytesScanned: 0 };
  return {
    ...fakeLogs([]),
    query: async ({ query }): Promise<InsightsAnswer> => ({ fields: [], rows: answer(query), statistics }),
  };
}

const accessLog = insights((query) =>
  query.includes("count_distinct")
    ? [{ callers: "3" }]
    : [
        { answer: "200", lines: "90" },
        { answer: "429", lines: "7" },
        { answer: "503", lines: "10" },
      ],
);

const minute = (good: number, failed = 0, slowGood = 0, slowFailed = 0): Minute => ({
  ...{ good, failed, slowGood, slowFailed },
});

function question(minutes: number, more: Partial<ImpactQuestion> = {}): ImpactQuestion {
  const to = START + minutes * MINUTE_MS;
  return { stages: [STAGE], from: START, to, now: to, config, ...more };
}

const one = (...minutes: readonly Minute[]) => cloudWatch(new Map([["orders", minutes]]));

describe("measureImpact", () => {
  it("counts requests, failures, slow answers, refusals, callers and bad minutes", async () => {
    const metrics = one(minute(50), minute(40, 10, 4, 2), minute(0), minute(99, 1, 0, 0), minute(100, 0, 10));
    const impact = await measureImpact({ metrics, logs: accessLog }, question(5));
    expect(impact).toEqual({
      ...{ from: "2026-11-28T08:00:00.000Z", to: "2026-11-28T08:05:00.000Z" },
      ...{ requests: 300, failed: 11, slow: 16, callers: null, badMinutes: 3 },
      // The log has 107 lines of 300: it says nothing about the others.
      ...{ refused: null },
    });
    expect(incidentImpactSchema.parse(impact)).toEqual(impact);
  });

  it("takes what the access log tells, where it has the requests", async () => {
    const impact = await measureImpact({ metrics: one(minute(97, 10)), logs: accessLog }, question(1));
    expect(impact).toMatchObject({ refused: 7, callers: 3 });
  });

  it("counts whole minutes, that which goes on among them", async () => {
    const from = START + MINUTE_MS + 20_000;
    const metrics = one(minute(1), minute(2), minute(4), minute(8));
    const impact = await measureImpact(
      { metrics, logs: accessLog },
      question(0, { from, to: from + MINUTE_MS, now: from + MINUTE_MS }),
    );
    expect(impact).toMatchObject({
      ...{ from: "2026-11-28T08:01:00.000Z", to: "2026-11-28T08:03:00.000Z", requests: 6 },
    });
  });

  it("takes longer periods of what is old, and does not know how many minutes were bad", async () => {
    const metrics = one(...Array.from({ length: 12 }, () => minute(9, 1)));
    const asked = question(0, { from: START + 6 * MINUTE_MS, to: START + 7 * MINUTE_MS, now: START + 20 * DAY_MS });
    const { impact, gaps } = await lookAtImpact({ metrics, logs: accessLog }, asked);
    expect(impact).toMatchObject({ requests: 50, failed: 5, badMinutes: null, to: "2026-11-28T08:10:00.000Z" });
    expect(gaps).toEqual([expect.stringContaining("for 15 days only")]);
  });

  it("says what access logs do not tell", async () => {
    const metrics = one(minute(50, 50));
    const gapsWith = async (stage: Partial<MonitoredStage>, logs: LogsReader) =>
      await lookAtImpact({ metrics, logs }, question(1, { stages: [{ ...STAGE, ...stage }] }));
    const { accessLogGroup: _, ...bare } = STAGE;
    expect(await lookAtImpact({ metrics, logs: accessLog }, question(1, { stages: [bare] }))).toMatchObject({
      impact: { requests: 100, failed: 50, refused: null, callers: null },
      gaps: ["stage prod of orders has no access log"],
    });
    expect(await gapsWith({ accessLogFormat: "$context.status" }, accessLog)).toMatchObject({
      gaps: ["the access log of stage prod of orders is not JSON with the status of requests"],
    });
    const closed = { ...accessLog, query: () => Promise.reject(denied("logs:StartQuery")) };
    expect(await gapsWith({}, closed)).toMatchObject({
      impact: { refused: null, callers: null },
      gaps: ["the access log cannot be asked: logs:StartQuery is not allowed: AccessDenied"],
    });
    const withoutCallers = JSON.stringify({ status: "$context.status" });
    expect(await gapsWith({ accessLogFormat: withoutCallers }, accessLog)).toMatchObject({
      impact: { refused: 7, callers: null },
      gaps: ["the access log does not tell callers apart"],
    });
  });

  it("has hit nobody where nobody asked for anything", async () => {
    const logs = { ...accessLog, query: () => Promise.reject(new Error("nothing to ask")) };
    expect(await lookAtImpact({ metrics: one(), logs }, question(3))).toEqual({
      impact: expect.objectContaining({ requests: 0, failed: 0, slow: 0, refused: 0, callers: 0, badMinutes: 0 }),
      gaps: [],
    });
  });

  it("does not go on when it is interrupted, or metrics cannot be read", async () => {
    const metrics = { ...one(), read: () => Promise.reject(denied("cloudwatch:GetMetricData")) };
    await expect(measureImpact({ metrics, logs: accessLog }, question(1))).rejects.toThrow("GetMetricData");
  });

  it("agrees with the metrics to the request, whatever happened", async () => {
    const minutes = fc.array(
      fc
        .record({ good: fc.nat(500), failed: fc.nat(500), slowGood: fc.nat(500), slowFailed: fc.nat(500) })
        .map(({ good, failed, slowGood, slowFailed }) =>
          minute(good, failed, Math.min(slowGood, good), Math.min(slowFailed, failed)),
        ),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(minutes, minutes, fc.nat(29), fc.nat(30), async (orders, users, first, length) => {
        const stages = [STAGE, { ...STAGE, apiId: "a2", apiName: "users" }];
        const [from, to] = [START + first * MINUTE_MS, START + (first + length) * MINUTE_MS];
        const metrics = cloudWatch(
          new Map([
            ["orders", orders],
            ["users", users],
          ]),
        );
        const impact = await measureImpact({ metrics, logs: accessLog }, { stages, from, to, now: to, config });
        const last = Math.max(first + length, first + 1);
        const within = [...orders.slice(first, last), ...users.slice(first, last)];
        const sum = (of: (each: Minute) => number) => within.reduce((total, each) => total + of(each), 0);
        expect(impact.requests).toBe(sum(({ good, failed }) => good + failed));
        expect(impact.failed).toBe(sum(({ failed }) => failed));
        // Never fewer than were slow and good, never more than were slow at all.
        expect(impact.slow).toBeGreaterThanOrEqual(sum(({ slowGood }) => slowGood));
        expect(impact.slow).toBeLessThanOrEqual(sum(({ slowGood, slowFailed }) => slowGood + slowFailed));
        const isBad = (each: Minute | undefined) =>
          each !== undefined &&
          each.good + each.failed > 0 &&
          (each.failed / (each.good + each.failed) >= 0.01 ||
            Math.min(each.slowGood + each.slowFailed, each.good) / (each.good + each.failed) >= 0.1);
        const bad = Array.from({ length: last - first }, (_, index) => first + index).filter(
          (index) => isBad(orders[index]) || isBad(users[index]),
        );
        expect(impact.badMinutes).toBe(bad.length);
      }),
      { numRuns: 200 },
    );
  });
});
