import type { CostReport } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { renderCosts } from "./render-costs.ts";

const price = {
  id: "lambda.requests" as const,
  usd: 0.2,
  unit: "request",
  per: 1_000_000,
  source: "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AWSLambda/current/us-east-1/index.json",
  date: "2026-09-11",
};
const common = { observedDays: 30, tooLittleData: false, idle: null, idleBecause: null, notes: [], known: true };
const mode = (usdPerMonth: number) => ({ usdPerMonth, formula: `${usdPerMonth} units x $1.00` });

const report: CostReport = {
  version: 1,
  label: "observed on AWS",
  environment: "prod",
  region: "us-east-1",
  generatedAt: "2026-11-23T04:00:00.000Z",
  window: { from: "2026-10-24T04:00:00.000Z", to: "2026-11-23T04:00:00.000Z", days: 30 },
  hoursPerMonth: 730,
  prices: {
    origin: "table of Slipway",
    region: "us-east-1",
    date: "2026-11-23",
    oldest: "2026-09-11",
    from: "packages/analysis/src/costs/prices/us-east-1.json",
  },
  freeTier: false,
  totalUsdPerMonth: 1234.504,
  unknownLines: 1,
  resources: [
    {
      ...common,
      address: "module.items.module.function.aws_lambda_function.this",
      type: "aws_lambda_function",
      name: "api-handler-prod",
      usdPerMonth: 1234.5,
      known: false,
      lines: [
        {
          item: "requests",
          usdPerMonth: 1234.5,
          formula: "6,172,500,000 requests x $0.20 / 1,000,000",
          unknown: null,
          quantity: 6_172_500_000,
          price,
        },
        {
          item: "X-Ray traces",
          usdPerMonth: null,
          formula: null,
          unknown: "CloudWatch does not count the traces that a function records",
          quantity: null,
          price: null,
        },
      ],
    },
    {
      ...common,
      address: null,
      type: "aws_cloudwatch_log_group",
      name: "/aws/lambda/a-function-with-a-name-that-is-as-long-as-names-of-functions-can-be-64c",
      usdPerMonth: 0.004,
      idle: true,
      idleBecause: "nothing ingested in 30 days",
      lines: [],
    },
  ],
  free: { aws_iam_role: 3 },
  unpriced: { aws_vpc: 1 },
  capacityModes: [
    {
      table: "items-prod",
      current: "on-demand",
      currentUsdPerMonth: 34.49,
      onDemand: mode(34.49),
      provisionedForPeak: mode(14.24),
      autoScaledAtBest: mode(12.01),
      targetUtilisation: 0.7,
      periodSeconds: 300,
      cheaper: "provisioned",
      differenceUsdPerMonth: 20.25,
      says: "provisioned capacity is cheaper, even if it is sized for the highest peak all month",
      tooLittleData: false,
    },
  ],
  recommendations: [
    {
      resource: "api-handler-prod",
      what: "run it on arm64",
      savingUsdPerMonth: 12.345,
      formula: "1 GB-second x $1.00",
      next: "set its architectures",
    },
  ],
  comparison: {
    file: "costs-prod-before.json",
    generatedAt: "2026-10-23T04:00:00.000Z",
    beforeUsdPerMonth: 1000,
    afterUsdPerMonth: 1234.504,
    differenceUsdPerMonth: 234.504,
    resources: [
      {
        resource: "module.items.module.function.aws_lambda_function.this",
        type: "aws_lambda_function",
        beforeUsdPerMonth: 999,
        afterUsdPerMonth: 1234.5,
        differenceUsdPerMonth: 235.5,
      },
      {
        resource: "aws_kms_key.old",
        type: "aws_kms_key",
        beforeUsdPerMonth: 1,
        afterUsdPerMonth: null,
        differenceUsdPerMonth: -1,
      },
    ],
    notes: [],
  },
  notes: ["A month has 730 hours."],
  gaps: ["kms:DescribeKey failed for the key k-1: AccessDeniedException"],
  complete: false,
};

describe.each([80, 120])("at %i columns", (columns) => {
  it.each([false, true])("no line is wider (explain: %s)", (explain) => {
    const lines = renderCosts(report, { columns, explain }).split("\n");
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
  });
});

it("shows amounts, what is unknown, and what is incomplete", () => {
  const text = renderCosts(report, { columns: 120, explain: false });
  expect(text).toContain("  1,234.50  lambda_function api-handler-prod (unknown: X-Ray traces)\n");
  expect(text).toContain("    < 0.01  cloudwatch_log_group /aws/lambda/a-function");
  expect(text).toContain("  1,234.50  in all, per month, at least: without 1 line of which the cost is not known");
  expect(text).toContain("     20.25  between on-demand and the peak");
  expect(text).toContain("    -12.35  api-handler-prod: run it on arm64");
  expect(text).toContain("   +234.50  in all: 1,000.00 then, 1,234.50 now");
  expect(text).toContain("     -1.00  aws_kms_key.old (gone)");
  expect(text).toContain("aws_vpc (1): unknown, and not in the sum");
  expect(text).toContain("INCOMPLETE: these could not be found out\n  kms:DescribeKey failed");
  expect(text).not.toContain("https://pricing");
});

it("explains each line with its formula, source and date", () => {
  const text = renderCosts(report, { columns: 120, explain: true });
  expect(text).toContain("requests: 1,234.50 = 6,172,500,000 requests x $0.20 / 1,000,000");
  expect(text).toMatch(/AWSLambda\/current\/us-east-1\/index\.json\s+\(2026-09-11\)/);
  expect(text).toContain("X-Ray traces: unknown: CloudWatch does not count the traces that a function records");
});

it("calls a rehearsal a rehearsal", () => {
  const text = renderCosts({ ...report, label: "rehearsed on local AWS" }, { columns: 80, explain: false });
  expect(text.split("\n")[0]).toBe("What prod costs in a month, us-east-1: rehearsed on local AWS");
});
