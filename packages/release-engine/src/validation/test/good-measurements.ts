import {
  type DeployedFunctionFacts,
  type ValidationAlarm,
  type ValidationConfig,
  type ValidationMeasurements,
  type ValidationMetrics,
  type ValidationProbe,
  type ValidationWindow,
  validationConfigSchema,
  validationMeasurementsSchema,
} from "@slipway/contracts";
import { WINDOWS } from "../windows.ts";

const NOW = Date.parse("2026-11-28T12:00:00.000Z");
const HOUR_MS = 3_600_000;

const iso = (at: number) => new Date(at).toISOString();

/** The parts of a good day, to be changed one by one. */
export interface GoodParts {
  readonly functions: DeployedFunctionFacts;
  readonly lambda: ValidationMetrics["functions"][number];
  readonly stage: ValidationMetrics["stages"][number];
  readonly table: ValidationMetrics["tables"][number];
  readonly probe: ValidationProbe;
  readonly alarm: ValidationAlarm;
}

const MINUTES = 300;

const PARTS: GoodParts = {
  functions: {
    ...{ name: "orders-prod", alias: "live", version: "7", state: "Active", lastUpdate: "Successful" },
    publishedAt: iso(NOW - 30 * HOUR_MS),
  },
  lambda: {
    ...{ name: "orders-prod", calls: 2_000, errors: 1, throttles: 0, longestMs: 840 },
    ...{ lastCallAt: iso(NOW - 60_000), baseline: { calls: 1_900, errors: 1 } },
    minutesWithData: { Invocations: MINUTES, Errors: MINUTES, Duration: MINUTES },
  },
  stage: {
    ...{ apiName: "orders", stage: "prod", requests: 2_000, serverErrors: 1, clientErrors: 40, slow: 3, timed: 2_000 },
    ...{ longestMs: 1_300, lastRequestAt: iso(NOW - 60_000), baseline: { requests: 1_900, serverErrors: 1 } },
    byHour: {
      slowMs: 240,
      hours: Array.from({ length: 24 }, (_, hour) => ({
        ...{ from: iso(NOW - (24 - hour) * HOUR_MS), answers: 80 },
        slow: hour % 3,
      })),
    },
    minutesWithData: { Count: MINUTES, "5XXError": MINUTES, Latency: MINUTES, IntegrationLatency: MINUTES },
  },
  table: {
    ...{ name: "orders-prod", requests: 1_500, throttledReads: 0, throttledWrites: 0, systemErrors: 0 },
    minutesWithData: { SuccessfulRequestLatency: MINUTES },
  },
  probe: {
    ...{ name: "the API answers", method: "GET", path: "/health", expected: [200], expectedCors: {}, status: 200 },
    ...{ durationMs: 12, requestId: "4c8ee4a1-0000-4000-8000-000000000001", cors: {} },
  },
  alarm: {
    name: "orders-prod-errors",
    observed: {
      ...{ kind: "metric", state: "OK", reason: "no data breaches", since: iso(NOW - 30 * HOUR_MS) },
      ...{ actionsEnabled: true, alarmActions: ["arn:aws:sns:eu-central-1:000000000000:alarms"], children: [] },
    },
    lastTransition: { at: iso(NOW - 30 * HOUR_MS), summary: "Alarm updated from INSUFFICIENT_DATA to OK" },
    drill: {
      value: {
        ...{ goesOff: true, recovers: true, found: "went off for 5 errors of 100, and came back" },
        actions: [{ action: "arn:aws:sns:eu-central-1:000000000000:alarms", succeeded: true }],
      },
    },
  },
};

/** What a good day's measurements are, with some of its parts changed. */
export function goodMeasurements(window: ValidationWindow, changed: Partial<GoodParts> = {}): ValidationMeasurements {
  const { functions, lambda, stage, table, probe, alarm } = { ...PARTS, ...changed };
  const { lengthMs } = WINDOWS[window];
  const releasedAt = NOW - 30 * HOUR_MS;
  const isExtended = window === "extended";
  const preflight: ValidationProbe = {
    ...{
      ...PARTS.probe,
      name: "a script may call it",
      method: "OPTIONS",
      path: "/orders",
      expected: [204],
      status: 204,
    },
    expectedCors: { "access-control-allow-origin": "https://shop.example.com" },
    cors: { "access-control-allow-origin": "https://shop.example.com" },
  };
  const group = "/aws/lambda/orders-prod";
  return validationMeasurementsSchema.parse({
    ...{ version: 1, environment: "prod", window, at: iso(NOW), windowMs: lengthMs },
    released: { value: { at: iso(releasedAt), from: "version 7 of orders-prod" } },
    period: { from: iso(NOW - lengthMs), to: iso(NOW) },
    baseline: { from: iso(releasedAt - lengthMs), to: iso(releasedAt) },
    functions: { value: [functions] },
    metrics: {
      value: {
        ...{ functions: [lambda], stages: [stage], tables: [table], userErrors: 4 },
        namespaces: [{ namespace: "Orders", known: 5, withData: 5 }],
      },
    },
    errorLines: { value: { period: { count: 2, more: false }, baseline: { count: 2, more: false }, unusual: [] } },
    timeouts: { value: [{ function: "orders-prod", timeoutMs: 10_000, count: 0 }] },
    logActivity: {
      value: [
        { group, writer: "orders-prod", hasEvents: true, ...seenIn(lambda.lastCallAt) },
        {
          ...{ group: "/aws/apigateway/orders", writer: "orders prod", hasEvents: true },
          ...seenIn(stage.lastRequestAt),
        },
      ],
    },
    probes: { value: [probe, preflight] },
    logged: {
      value: {
        ...{ requestId: "4c8ee4a1-0000-4000-8000-000000000001", request: "GET /health", withoutAccessLog: [] },
        groups: [
          { group: "/aws/apigateway/orders", writer: "orders prod", kind: "access", afterMs: 900 },
          { group, writer: "orders-prod", kind: "function", afterMs: 1_400 },
        ],
      },
    },
    smoke: {
      value: {
        ...{ passed: true, cleanup: [], durationMs: 400 },
        steps: [
          {
            name: "an order is made",
            request: "POST /orders",
            outcome: "passed",
            status: 201,
            durationMs: 40,
            attempts: 1,
          },
        ],
      },
    },
    alarms: isExtended ? { value: [alarm] } : null,
    security: isExtended ? { resources: 40, findings: [] } : null,
    cost: isExtended ? { value: { usdPerMonth: 31.5, days: 1, unknownLines: 0, gaps: [] } } : null,
    signOff: isExtended ? { by: "Jane Doe", feedback: "positive", at: iso(NOW) } : null,
  });
}

/** What the log of a writer with traffic at that time shows; without any, it has lines whose metrics are missing. */
function seenIn(lastTrafficAt: string | null) {
  const hasTraffic = lastTrafficAt !== null;
  return { lastTrafficAt, hasEventsSince: hasTraffic ? true : null, hasSettledEvents: hasTraffic ? null : true };
}

/** The parts of a good day themselves. */
export const goodParts = PARTS;

/** Limits as the guide has them, with a range for the cost. */
export function goodConfig(): ValidationConfig {
  return validationConfigSchema.parse({ monthlyCostUsd: { most: 50 }, metricNamespaces: ["Orders"] });
}
