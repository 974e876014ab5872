import type { Evidence, ValidationMeasurements } from "@slipway/contracts";
import { validationConfigSchema } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { judgeValidation } from "./judge-validation.ts";
import { goodConfig, goodMeasurements, goodParts } from "./test/good-measurements.ts";

function judge(measurements: ValidationMeasurements, config = goodConfig()): readonly Evidence[] {
  return judgeValidation({ measurements, config, flags: " --local", makeTraffic: "slipway local traffic prod" });
}

/** What a check came to, for each of its subjects. */
function judged(name: string, measurements: ValidationMeasurements): readonly Evidence[] {
  return judge(measurements).filter(({ check }) => check.endsWith(name));
}

const { stage, table } = goodParts;
const idle = { ...table, requests: 0 };

/** A smoke test of these requests, all of which passed. */
function smokeOf(
  ...requests: readonly (readonly [request: string, status: number])[]
): ValidationMeasurements["smoke"] {
  const steps = requests.map(([request, status]) => ({
    ...{ name: request, request, status, outcome: "passed" as const, durationMs: 4, attempts: 1 },
  }));
  return { value: { passed: true, steps, cleanup: [], durationMs: 9 } };
}

describe("a table that nobody has used", () => {
  it.each([
    ["the smoke test has written", [["POST /orders", 201]], "pass"],
    [
      "the smoke test is refused without a token",
      [
        ["GET /health", 200],
        ["POST /orders", 401],
      ],
      "unknown",
    ],
    [
      "the smoke test only reads",
      [
        ["GET /health", 200],
        ["OPTIONS /orders", 204],
      ],
      "unknown",
    ],
  ] as const)("%s", (_what, requests, status) => {
    const measurements = { ...goodMeasurements("immediate", { table: idle }), smoke: smokeOf(...requests) };
    const [smoke, of] = judged("table-operations", measurements);
    expect([smoke?.status, of?.status]).toEqual(["pass", status]);
  });

  it("is not known to work by a smoke test that may have used another one", () => {
    const good = goodMeasurements("immediate", { table: idle });
    const tables = [idle, { ...idle, name: "payments-prod" }];
    const metrics = "value" in good.metrics ? { value: { ...good.metrics.value, tables } } : good.metrics;
    expect(judged("table-operations", { ...good, metrics }).map(({ status }) => status)).toEqual([
      ...["pass", "unknown", "unknown"],
    ]);
  });
});

describe("titles", () => {
  it("are the guide's, and have the limits that were held against", () => {
    const titles = (config: ReturnType<typeof goodConfig>) =>
      judge(goodMeasurements("short"), config)
        .filter(({ check }) => /error-rate|response-time/.test(check))
        .map(({ title }) => title);
    expect(new Set(titles(goodConfig()))).toEqual(
      new Set(["Error rate is below 1%", "Response time is acceptable (< 1 second)"]),
    );
    const own = validationConfigSchema.parse({ errorRate: { mostPercent: 0.5 }, responseTime: { limitMs: 300 } });
    expect(new Set(titles(own))).toEqual(
      new Set(["Error rate is below 0.5%", "Response time is acceptable (< 300 ms)"]),
    );
  });
});

describe("times", () => {
  const quiet = { ...stage, requests: 0, serverErrors: 0 };

  it("are those of what was judged: minutes since the release are no window", () => {
    const whole = goodMeasurements("immediate", { stage: quiet });
    const part = { ...whole, period: { from: "2026-11-28T11:57:00.000Z", to: "2026-11-28T12:00:00.000Z" } };
    const found = (of: ValidationMeasurements) => judged("no-error-spike", of)[0]?.found;
    expect(found(whole)).toBe("no request in the last 5 minutes");
    expect(found(part)).toBe("no request in the 3 min since the release");
  });

  it("name a minute in which the window is over, and not the one in which it ends", () => {
    const released = { value: { at: "2026-11-28T11:57:40.000Z", from: "version 8 of orders-prod" } };
    const [complete] = judged("window-complete", { ...goodMeasurements("immediate"), released });
    expect(complete?.found).toContain("it can be judged at 2026-11-28 12:03 UTC");
  });
});

describe("metrics that are not there", () => {
  const nothing = { Count: 0, "5XXError": 0, Latency: 0, IntegrationLatency: 0 };
  const dark = { ...stage, requests: 0, timed: 0, lastRequestAt: null, minutesWithData: nothing };
  const of = (measurements: ValidationMeasurements) =>
    judged("metrics-collected", measurements).find(({ subject }) => subject === "orders prod");

  it("are missing where the traffic is old enough, and under way where it is of this minute", () => {
    const old = goodMeasurements("short", { stage: dark });
    const { logActivity } = old;
    const fresh = {
      ...old,
      logActivity: {
        value: "value" in logActivity ? logActivity.value.map((each) => ({ ...each, hasSettledEvents: false })) : [],
      },
    };
    expect(of(old)).toMatchObject({ status: "fail", found: expect.stringContaining("although its log shows traffic") });
    expect(of(fresh)).toMatchObject({ status: "unknown", found: expect.stringContaining("may be under way") });
  });

  it("need not be there of an integration: the gateway answers some requests itself", () => {
    const refused = { ...stage, minutesWithData: { ...stage.minutesWithData, IntegrationLatency: 0 } };
    expect(of(goodMeasurements("short", { stage: refused }))?.status).toBe("pass");
    const broken = { ...stage, minutesWithData: { ...stage.minutesWithData, Latency: 0 } };
    expect(of(goodMeasurements("short", { stage: broken }))?.status).toBe("fail");
  });
});

describe("logs of which not all was read", () => {
  const many = { count: 10_000, more: true };
  const fingerprint = { kind: "new" as const, fingerprint: "TypeError", before: 0, now: 3, example: "TypeError: x" };
  const lines = (period: typeof many, baseline: typeof many, unusual: readonly (typeof fingerprint)[] = []) => ({
    ...goodMeasurements("extended"),
    errorLines: { value: { period, baseline, unusual: [...unusual] } },
  });

  it("prove no error to be new", () => {
    const few = { count: 3, more: false };
    expect(judged("error-patterns", lines(few, many, [fingerprint]))[0]?.status).toBe("unknown");
    expect(judged("error-patterns", lines(few, few, [fingerprint]))[0]?.status).toBe("fail");
  });

  it("prove a spike, but never that there is none", () => {
    const spike = (before: number) =>
      judged("no-error-spike", lines(many, { count: before, more: false })).at(-1)?.status;
    expect([spike(100), spike(9_500)]).toEqual(["fail", "unknown"]);
  });
});

describe("security findings", () => {
  const finding = (statement: string, status: "fail" | "waived") => ({
    ...{ id: "exposure.unauthenticated-api" as const, severity: "medium" as const, status, statement },
    ...{ address: "aws_api_gateway_rest_api.this", reason: "Everybody can call it.", next: "set jwt" },
    ...(status === "waived" ? { accepted: { reason: "it says nothing" } } : {}),
  });

  it("are told once for all operations, and accepted ones are counted only", () => {
    const findings = [finding("GET /items", "fail"), finding("POST /items", "fail"), finding("GET /health", "waived")];
    const [evidence] = judged("no-security-issues", {
      ...goodMeasurements("extended"),
      security: { resources: 42, findings },
    });
    expect(evidence).toMatchObject({ status: "fail", next: "set jwt" });
    expect(evidence?.found.split("\n")).toEqual([
      "42 resources of the state judged as validate:infrastructure judges plans, 2 findings, 1 finding accepted in slipway.config.ts",
      "exposure.unauthenticated-api aws_api_gateway_rest_api.this (GET /items, POST /items): Everybody can call it.",
    ]);
  });
});
