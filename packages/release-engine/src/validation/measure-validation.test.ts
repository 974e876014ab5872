import { validationMeasurementsSchema } from "@slipway/contracts";
import { ManualClock, RecordingProgress } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { choosePrices } from "../choose-prices.ts";
import { ReleaseError } from "../release-error.ts";
import { measureValidation, type ValidationPorts, type ValidationSubject } from "./measure-validation.ts";
import { environmentDefaults } from "./test/environment-defaults.ts";
import { denied, type FakeLine, type FakePoints, fakeLogs, fakeMetrics } from "./test/fake-observers.ts";

const MINUTE_MS = 60_000;
const NOW = Date.parse("2026-11-28T12:00:30Z");
const RELEASED = Date.parse("2026-11-28T11:30:20Z");
const ID = "4c8ee4a1-0000-4000-8000-000000000001";
const GROUP = "/aws/lambda/orders";

const minute = (time: string, value: number) => ({ at: Date.parse(`2026-11-28T${time}:00Z`), value });
const POINTS: FakePoints = {
  "AWS/Lambda Invocations Sum": [minute("11:10", 7), minute("11:30", 100), minute("11:31", 5), minute("11:59", 3)],
  "AWS/Lambda Errors Sum": [minute("11:10", 1), minute("11:30", 100), minute("11:59", 2)],
  "AWS/Lambda Duration Maximum": [minute("11:31", 80), minute("11:59", 120)],
  "AWS/ApiGateway Count Sum": [minute("11:59", 3)],
};

function measure(
  lines: FakeLine[] = [],
  { ports = {}, subject = {} }: { ports?: Partial<ValidationPorts>; subject?: Partial<ValidationSubject> } = {},
) {
  const sent: string[] = [];
  const measured = measureValidation(
    {
      metrics: fakeMetrics(POINTS),
      logs: fakeLogs(lines),
      alarms: { describe: async () => [], history: async () => [] },
      functions: {
        read: async (_name, alias) => ({
          ...{ version: alias === "live" ? "8" : "$LATEST", publishedAt: RELEASED },
          ...{ state: "Active", lastUpdate: "Successful" },
        }),
      },
      usage: { observe: () => Promise.reject(denied("cloudwatch:GetMetricData")) },
      http: {
        async send({ method, url }) {
          sent.push(`${method} ${url}`);
          lines.push({ group: GROUP, at: NOW, message: `request ${ID}` });
          return { status: 200, headers: { "x-amzn-requestid": ID }, body: '{"status":"ok"}' };
        },
      },
      clock: new ManualClock(NOW),
      progress: new RecordingProgress(),
      ...ports,
    },
    { ...environmentDefaults(), ...subject },
  );
  return { measured, sent };
}

describe("measureValidation", () => {
  it("counts what came since the minute after the release, and as long before it", async () => {
    const { measured } = measure();
    const { released, period, baseline, metrics } = validationMeasurementsSchema.parse(await measured);
    expect(released).toEqual({ value: { at: new Date(RELEASED).toISOString(), from: "version 8 of orders" } });
    expect(period).toEqual({ from: "2026-11-28T11:31:00.000Z", to: "2026-11-28T12:00:30.000Z" });
    expect(baseline).toEqual({ from: "2026-11-28T10:30:00.000Z", to: "2026-11-28T11:30:00.000Z" });
    expect(metrics).toMatchObject({
      value: {
        functions: [
          {
            ...{ calls: 8, errors: 2, longestMs: 120, lastCallAt: "2026-11-28T11:59:00.000Z" },
            baseline: { calls: 7, errors: 1 },
            minutesWithData: { Invocations: 2, Errors: 1, Duration: 2 },
          },
        ],
      },
    });
  });

  it("reads what users did before it asks anything itself, and finds its own request afterwards", async () => {
    const { measured, sent } = measure([{ group: GROUP, at: NOW - MINUTE_MS, message: "START" }]);
    const { errorLines, logged, probes, smoke } = await measured;
    expect(errorLines).toMatchObject({ value: { period: { count: 0 } } });
    expect(sent).toEqual(["GET https://api.example.com/prod/health", "GET https://api.example.com/prod/orders"]);
    expect(probes).toMatchObject({ value: [{ path: "/health", status: 200, requestId: ID }, { path: "/orders" }] });
    expect(logged).toMatchObject({ value: { requestId: ID, groups: [{ group: GROUP, afterMs: 0 }] } });
    expect(smoke).toBeNull();
  });

  it("runs the smoke scenario, unless that is left out", async () => {
    const { measured } = measure([], { subject: { smoke: true } });
    expect((await measured).smoke).toMatchObject({ value: { passed: true, steps: [{}, {}] } });
  });

  it("believes who says when the release was, and measures nothing in its first minute", async () => {
    const { measured } = measure([], { subject: { releasedAt: NOW - 20_000 } });
    const { released, period, metrics } = await measured;
    expect(released).toMatchObject({ value: { from: "--released-at" } });
    expect(period).toBeNull();
    expect(metrics).toMatchObject({ unknown: expect.stringMatching(/so fresh/), next: expect.any(String) });
  });

  it("tells what could not be measured, and measures the rest", async () => {
    const { measured } = measure([], {
      ports: {
        metrics: { read: () => Promise.reject(denied("cloudwatch:GetMetricData")), list: async () => [] },
        functions: { read: () => Promise.reject(denied("lambda:GetAlias")) },
      },
      subject: { window: "extended" },
    });
    const all = validationMeasurementsSchema.parse(await measured);
    const unknown = {
      unknown: "cloudwatch:GetMetricData is not allowed: AccessDenied",
      next: "ask for the role operate",
    };
    expect(all.metrics).toEqual(unknown);
    expect(all.cost).toEqual(unknown);
    expect(all.released).toMatchObject({ unknown: "lambda:GetAlias is not allowed: AccessDenied" });
    expect(all.baseline).toBeNull();
    expect(all.alarms).toEqual({
      value: [{ name: "orders-errors", observed: null, lastTransition: null, drill: null }],
    });
    expect(all.probes).toHaveProperty("value");
  });

  it("knows no costs where the Region has no prices, and everything else", async () => {
    const { measured } = measure([], {
      subject: { window: "extended", region: "eu-west-1", prices: () => choosePrices({ region: "eu-west-1" }) },
    });
    const { cost, metrics } = await measured;
    expect(cost).toMatchObject({ unknown: expect.stringMatching(/^There are no prices for eu-west-1/) });
    expect(metrics).toHaveProperty("value");
    const { measured: short } = measure([], { subject: { prices: () => Promise.reject(new Error("nobody asks")) } });
    expect((await short).cost).toBeNull();
  });

  it("expects as many errors of each kind as there were before, by calls where they are counted", async () => {
    const errors = (count: number, time: string): FakeLine[] =>
      Array.from({ length: count }, (_, index) => ({
        ...{ group: GROUP, at: Date.parse(`2026-11-28T${time}:00Z`) + index, message: `ERROR usual ${index}` },
      }));
    const lines = [...errors(6, "11:10"), ...errors(48, "11:40")];
    const calls = { "AWS/Lambda Invocations Sum": [minute("11:10", 1_000), minute("11:40", 8_000)] };
    const withCalls = await measure([...lines], { ports: { metrics: fakeMetrics(calls) } }).measured;
    const without = await measure([...lines], { ports: { metrics: fakeMetrics({}) } }).measured;

    expect(withCalls.errorLines).toMatchObject({ value: { period: { count: 48 }, unusual: [] } });
    expect(without.errorLines).toMatchObject({ value: { unusual: [{ kind: "more-frequent", before: 6, now: 48 }] } });
  });

  it("tells traffic of the last minutes, whose metrics come later, from traffic that has none", async () => {
    const logged = async (time: string) => {
      const none = { metrics: fakeMetrics({}) };
      const { measured } = measure([{ group: GROUP, at: Date.parse(time), message: "START" }], { ports: none });
      return (await measured).logActivity;
    };
    const activity = (hasSettledEvents: boolean) => ({ value: [{ hasEvents: true, hasSettledEvents }] });
    expect(await logged("2026-11-28T11:59:30Z")).toMatchObject(activity(false));
    expect(await logged("2026-11-28T11:50:00Z")).toMatchObject(activity(true));
  });

  it("judges what is deployed by the policy of plans, with what is accepted for this root, and until when", async () => {
    const body = JSON.stringify({ openapi: "3.0.1", paths: { "/orders": { get: {} } } });
    const defaults = environmentDefaults();
    const resources = defaults.state.resources.map((each) =>
      each.type === "aws_api_gateway_rest_api" ? { ...each, attributes: { ...each.attributes, body } } : each,
    );
    const judged = async (root: string, expires?: string) => {
      const accepted = [
        {
          ...{ finding: "exposure.unauthenticated-api" as const, address: "*", root, reason: "orders are no secret" },
          ...(expires === undefined ? {} : { expires }),
        },
      ];
      const infrastructurePolicy = { requiredTags: [], next: {}, accepted };
      const state = { ...defaults.state, resources };
      const { measured } = measure([], { subject: { window: "extended", state, infrastructurePolicy } });
      return (await measured).security?.findings
        .filter(({ id }) => id === "exposure.unauthenticated-api")
        .map(({ status, statement }) => [statement, status]);
    };
    expect(await judged("environments/prod")).toEqual([["GET /orders", "waived"]]);
    expect(await judged("environments/*", "2026-11-28")).toEqual([["GET /orders", "waived"]]);
    expect(await judged("environments/dev")).toEqual([["GET /orders", "fail"]]);
    expect(await judged("environments/prod", "2026-11-27")).toEqual([["GET /orders", "fail"]]);
  });

  it("knows of no URL that could be asked", async () => {
    const { measured, sent } = measure([], { subject: { apiUrl: undefined, smoke: true } });
    const { probes, smoke, logged } = await measured;
    const unknown = expect.objectContaining({ unknown: "the URL of the API is in no output of the state" });
    expect([probes, smoke, logged]).toEqual([unknown, unknown, unknown]);
    expect(sent).toEqual([]);
  });

  it("stops when it is asked to", async () => {
    const stop = new AbortController();
    const { measured } = measure([], {
      subject: { signal: stop.signal },
      ports: {
        metrics: {
          async read() {
            stop.abort();
            throw denied("anything");
          },
          list: async () => [],
        },
      },
    });
    await expect(measured).rejects.toThrow(ReleaseError);
    await expect(measured).rejects.toMatchObject({ kind: "interrupted" });
  });
});
