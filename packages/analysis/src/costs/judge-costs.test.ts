import { type CostReport, costReportSchema, type PriceTable } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { compareCostReports } from "./compare-cost-reports.ts";
import { judgeCosts } from "./judge-costs.ts";
import { priceTableOf } from "./price-table-of.ts";
import { aFunction, aKey, aLogGroup, anAlarm, aTable, HOUR, observed, TO } from "./test/make-usage.ts";
import type { ObservedUsage, ResourceUsage } from "./usage.ts";

const prices = priceTableOf("us-east-1") as PriceTable;
const GB = 1024 ** 3;

function judge(usage: ObservedUsage, more: { freeTier?: boolean; prices?: PriceTable } = {}): CostReport {
  return judgeCosts(usage, {
    label: "observed on AWS",
    environment: "prod",
    region: "us-east-1",
    now: TO,
    origin: "table of Slipway",
    from: "us-east-1.json",
    prices,
    freeTier: false,
    ...more,
  });
}

/** Dollars by item of the only resource. */
function linesOf(usage: ResourceUsage, more: { freeTier?: boolean } = {}): Record<string, number | null> {
  const [resource] = judge(observed(usage), more).resources;
  return Object.fromEntries((resource?.lines ?? []).map(({ item, usdPerMonth }) => [item, usdPerMonth]));
}

describe("a resource's lines", () => {
  it("prices a function's requests and GB-seconds", () => {
    // 100,000 s x 0.5 GB = 50,000 GB-seconds x $0.0000166667
    expect(linesOf(aFunction())).toEqual({ requests: 0.2, duration: 0.833335 });
    expect(linesOf(aFunction({ architecture: "arm64" }))).toEqual({ requests: 0.2, duration: 0.66667 });
  });

  it("prices what a function keeps ready, and its larger /tmp", () => {
    const lines = linesOf(aFunction({ provisionedConcurrency: { value: 2 }, ephemeralMb: 1536, traced: true }));
    // 2 x 0.5 GB x 2,628,000 s x $0.0000041667
    expect(lines["provisioned concurrency"]).toBeCloseTo(10.9500876, 6);
    // 100,000 s x 1 GB x $0.0000000309
    expect(lines["ephemeral storage"]).toBeCloseTo(0.00309, 9);
    expect(lines["X-Ray traces"]).toBeNull();
    expect(linesOf(aFunction({ traced: true, invocations: { value: 0 } }))).not.toHaveProperty("X-Ray traces");
  });

  it("prices requests of an API, with the formula, the price, its source and its date", () => {
    const [api] = judge(
      observed({
        kind: "rest-api",
        type: "aws_api_gateway_rest_api",
        name: "items",
        requests: { value: 2_000_000 },
        cachedStages: ["prod"],
      }),
    ).resources;
    expect(api?.lines).toMatchObject([
      {
        item: "requests",
        usdPerMonth: 7,
        formula:
          "2,000,000 requests in 30.4 days x 730 h / 730 h = 2,000,000 requests; 2,000,000 requests x $3.50 / 1,000,000",
        price: { id: "apigateway.rest.requests", usd: 3.5, source: expect.stringContaining("AmazonApiGateway") },
      },
      { item: "cache of stage prod", usdPerMonth: null },
    ]);
    expect(api?.lines[0]?.price?.date).toMatch(/^20\d\d-/);
  });

  it("prices a table on demand, with its storage, recovery and backups", () => {
    const table = aTable({
      readUnits: { value: 8_000_000 },
      writeUnits: { value: 2_000_000 },
      bytes: { value: 4 * GB },
      recoverableBytes: { value: 3 * GB },
      backupBytes: { value: 2 * GB },
    });
    expect(linesOf(table)).toEqual({
      reads: 1,
      writes: 1.25,
      storage: 1,
      "point-in-time recovery": 0.6,
      backups: 0.2,
    });
  });

  it("prices provisioned capacity by the hour, whatever was used", () => {
    const lines = linesOf(aTable({ billing: "provisioned", provisioned: { reads: 10, writes: 5 } }));
    expect(lines).toEqual({ "read capacity": 0.949, "write capacity": 2.3725, storage: 0.25 });
  });

  it("prices logs, keys and alarms", () => {
    expect(linesOf(aLogGroup())).toEqual({ ingestion: 0.5, storage: 0.3 });
    expect(linesOf(aLogGroup({ isInfrequentAccess: true }))).toEqual({ ingestion: 0.25, storage: 0.3 });
    expect(linesOf(aKey({ rotations: { value: 7 } }))).toEqual({ key: 1, "rotated key material": 2, requests: null });
    expect(linesOf(aKey({ state: "pending-deletion" }))).toEqual({});
    expect(linesOf(anAlarm({ metrics: 2 }))).toEqual({ alarm: 0.2 });
    expect(linesOf(anAlarm({ isComposite: true }))).toEqual({ "composite alarm": 0.5 });
  });

  it("calls unknown what AWS gives no number for, never 0", () => {
    const report = judge(observed(aLogGroup({ ingestedBytes: { unknown: "no metrics" } }), aFunction()));
    expect(report.totalUsdPerMonth).toBe(1.333335);
    expect(report.unknownLines).toBe(1);
    expect(report.resources.find(({ type }) => type === "aws_cloudwatch_log_group")).toMatchObject({
      known: false,
      idle: null,
      lines: [{ item: "ingestion", usdPerMonth: null, unknown: "no metrics", formula: null }, { item: "storage" }],
    });
  });

  it("calls unknown what the table has no price for", () => {
    const { "kms.key": _, ...others } = prices.prices;
    const [key] = judge(observed(aKey()), { prices: { ...prices, prices: others } }).resources;
    expect(key?.lines[0]).toMatchObject({ usdPerMonth: null, unknown: expect.stringContaining("no price kms.key") });
  });
});

describe("the free tier", () => {
  it("is taken off once, however many resources there are", () => {
    const report = judge(observed(aFunction({ address: "a" }), aFunction({ address: "b" })), { freeTier: true });
    const requests = report.resources.flatMap(({ lines }) => lines.filter(({ item }) => item === "requests"));
    expect(requests.map(({ usdPerMonth }) => usdPerMonth).sort()).toEqual([0, 0.2]);
    expect(requests.map(({ formula }) => formula)).toContainEqual(
      expect.stringContaining("1,000,000 requests - 1,000,000 free; 0 requests x $0.20 / 1,000,000"),
    );
  });

  it("is shared between what it covers: ingestion and storage of logs", () => {
    // 5 GB are free: 1 of ingestion and 4 of the 10 that are stored.
    expect(linesOf(aLogGroup(), { freeTier: true })).toEqual({ ingestion: 0, storage: 0.18 });
  });
});

describe("idle resources", () => {
  it("are those without any use in the whole window", () => {
    const report = judge(observed(aTable(), aFunction()));
    expect(report.resources.map(({ name, idle }) => [name, idle])).toEqual([
      ["api-handler-prod", false],
      ["items-prod", true],
    ]);
    expect(report.recommendations).toContainEqual({
      resource: "items-prod",
      what: "idle: no read or write in 30.4 days",
      savingUsdPerMonth: 0.25,
      formula: "storage: 1,073,741,824 bytes / 1,024^3; 1 GB-month x $0.25",
      next: expect.stringContaining("remove the table"),
    });
  });

  it("are not recommended against before the window is covered", () => {
    const report = judge(observed(aTable({ createdAt: TO - HOUR })));
    expect(report.resources[0]).toMatchObject({ idle: true, tooLittleData: true, observedDays: 0.042 });
    expect(report.recommendations).toEqual([]);
  });

  it("are alarms that never had data, and keys that are switched off", () => {
    const alarm = anAlarm({ withoutDataSince: TO - 1000 * HOUR });
    const { recommendations } = judge(observed(alarm, aKey({ state: "disabled" })));
    expect(recommendations.map(({ resource, savingUsdPerMonth }) => [resource, savingUsdPerMonth])).toEqual([
      ["k-1", 1],
      ["api-handler-prod-errors", 0.1],
    ]);
  });
});

describe("recommendations", () => {
  const saving = (usage: ResourceUsage) =>
    judge(observed(usage)).recommendations.map(({ what, savingUsdPerMonth }) => [what, savingUsdPerMonth]);

  it("say what arm64 and less memory would save", () => {
    // 90 MB x 1.3 = 117 MB: 128 MB are enough, a quarter of 50,000 GB-seconds.
    expect(saving(aFunction({ maxMemoryUsedMb: { value: 90 } }))).toEqual([
      ["128 MB of memory instead of 512 MB: at most 90 MB were used", 0.62500125],
      ["run it on arm64", 0.166665],
    ]);
    expect(saving(aFunction({ architecture: "arm64" }))).toEqual([]);
  });

  it("say what a retention would save", () => {
    const group = aLogGroup({ retentionDays: undefined });
    // 1 GB in 730 h is 0.98630 GB in 30 days: 9.01370 GB x $0.03.
    const [[what, usd] = []] = saving(group);
    expect(what).toContain("a retention");
    expect(usd).toBeCloseTo(0.270411, 6);
    expect(saving(aLogGroup())).toEqual([]);
    expect(saving(aLogGroup({ retentionDays: undefined, ingestedBytes: { unknown: "no metrics" } }))).toEqual([
      [expect.stringContaining("a retention"), null],
    ]);
  });

  it("say what less provisioned capacity would save", () => {
    const used = [{ at: TO - HOUR, sum: 2100 }];
    const table = aTable({
      billing: "provisioned",
      provisioned: { reads: 100, writes: 100 },
      readUnits: { value: 2100 },
      writeUnits: { value: 2100 },
      capacity: { periodSeconds: 300, series: [{ of: "items-prod", reads: used, writes: used }] },
    });
    // 100 x 730 x $0.00078 = $56.94 now, 2,100 x $0.75 / 1M on demand.
    expect(saving(table)).toEqual([[expect.stringContaining("on-demand capacity"), 56.938425]]);
  });
});

describe("the report", () => {
  const report = judge({
    ...observed(aFunction(), aTable(), aLogGroup(), aKey(), anAlarm()),
    free: { aws_iam_role: 2 },
    unpriced: { aws_vpc: 1 },
    gaps: ["kms:DescribeKey failed"],
  });

  it("is what its schema says", () => {
    expect(costReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  it("names the prices that are less certain than others", () => {
    expect(report.notes).toContainEqual(
      expect.stringMatching(/^Less certain prices.*: cloudwatch.alarm, logs.storage\.$/),
    );
    expect(judge(observed(aFunction())).notes.join()).not.toContain("Less certain");
  });

  it("is incomplete with any gap", () => {
    expect(report).toMatchObject({ complete: false, gaps: ["kms:DescribeKey failed"] });
    expect(judge(observed()).complete).toBe(true);
  });

  it("names the oldest price that it used, and sums to its total", () => {
    expect(report.prices).toMatchObject({ date: prices.date, oldest: "2026-03-14" });
    expect(report.resources.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0)).toBeCloseTo(
      report.totalUsdPerMonth,
      9,
    );
  });

  it("is compared with an earlier one, by resource and in all", () => {
    const before = judge(observed(aFunction({ invocations: { value: 500_000 } }), aKey()));
    const after = judge(observed(aFunction(), anAlarm()), { freeTier: false });
    expect(compareCostReports(before, after, "costs-prod.json")).toMatchObject({
      file: "costs-prod.json",
      beforeUsdPerMonth: 1.933335,
      afterUsdPerMonth: 1.133335,
      differenceUsdPerMonth: -0.8,
      resources: [
        { resource: "aws_kms_key.this", beforeUsdPerMonth: 1, afterUsdPerMonth: null, differenceUsdPerMonth: -1 },
        { resource: "module.lambda.aws_lambda_function.this", differenceUsdPerMonth: 0.1 },
        { resource: "aws_cloudwatch_metric_alarm.errors", beforeUsdPerMonth: null, differenceUsdPerMonth: 0.1 },
      ],
      notes: ["not known, and so not in the sums: 1 line of the earlier report"],
    });
    expect(compareCostReports(after, after, "same").resources).toEqual([]);
    expect(compareCostReports(before, judge(observed(), { freeTier: true }), "x").notes).toContain(
      "the free tier was not taken off then, and is now",
    );
  });
});
