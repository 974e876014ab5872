import type { Orphan, OrphanReport } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { renderOrphans } from "./render-orphans.ts";

const orphan: Orphan = {
  ...{ type: "log-group", id: "/aws/lambda/reports-prod", name: "/aws/lambda/reports-prod", environment: "prod" },
  arn: "arn:aws:logs:us-east-1:111111111111:log-group:/aws/lambda/reports-prod",
  ...{ createdAt: "2025-10-01T00:00:00.000Z", ageDays: 418, tags: {}, untagged: true },
  use: { verdict: "idle", why: "last used on 2026-01-01, 326 days ago" },
  reason: "the function reports-prod is gone",
  monthlyCost: { usd: 0.004, formula: "0.13 GB-months x $0.03" },
  import:
    "terraform -chdir=infrastructure/environments/prod import aws_cloudwatch_log_group.aws_lambda_reports_prod /aws/lambda/reports-prod",
  delete: ["aws logs delete-log-group --log-group-name /aws/lambda/reports-prod --region us-east-1"],
};

function reportWith(more: Partial<OrphanReport>): OrphanReport {
  return {
    ...{ version: 1, target: "AWS", account: "111111111111", region: "us-east-1", durationMs: 12_345 },
    ...{ scannedAt: "2026-11-23T05:00:00.000Z", environment: "all", services: ["logs", "sns"], verdict: "orphans" },
    states: [
      { name: "prod", location: "s3://states/prod", outcome: "read", serial: 3, resources: 49 },
      { name: "dev", location: "s3://states/dev", outcome: "none", resources: 0 },
    ],
    scanned: [
      {
        ...{ type: "log-group", complete: true, found: 3, inState: 2, byRule: 0, otherwise: 0, orphans: 1 },
        undecided: 0,
      },
      {
        ...{ type: "sns-topic", complete: true, found: 0, inState: 0, byRule: 0, otherwise: 0, orphans: 0 },
        undecided: 0,
      },
    ],
    ...{ gaps: [], orphans: [orphan], undecided: [], remarks: [], hidden: 0, rules: [] },
    totals: { orphans: 1, untagged: 1, idle: 1, monthlyUsd: 0, withoutPrice: 0 },
    ...more,
  };
}

describe("renderOrphans", () => {
  it("shows an orphan with all that is known, and commands that can be pasted", () => {
    expect(renderOrphans(reportWith({}), 80)).toBe(`\
Orphans in account 111111111111, us-east-1: AWS
everything in logs, sns; 2026-11-23 05:00 UTC, 12.3 s

type       found  in state  by rule  otherwise  orphans  undecided
log-group      3         2        0          0        1          0
None at all: sns-topic.

States: prod (49 resources), dev (no state yet)

log-group  /aws/lambda/reports-prod
  the function reports-prod is gone
  prod; 418 days old; idle: last used on 2026-01-01, 326 days ago; under $0.01
    per month (0.13 GB-months x $0.03); UNTAGGED
  arn:aws:logs:us-east-1:111111111111:log-group:/aws/lambda/reports-prod
  import  terraform -chdir=infrastructure/environments/prod import \\
            aws_cloudwatch_log_group.aws_lambda_reports_prod \\
            /aws/lambda/reports-prod
  delete  aws logs delete-log-group --log-group-name /aws/lambda/reports-prod \\
            --region us-east-1

1 orphan: 1 untagged, 1 idle, $0.00 per month. To import one, write its resource
  block first; to delete one, be sure that nobody needs it.
`);
  });

  it.each([80, 120])("fits into %d columns", (columns) => {
    const long = "a sentence with many words ".repeat(8).trim();
    const report = reportWith({
      verdict: "incomplete",
      gaps: [{ subject: "sns-topic", kind: "denied", why: long, next: long }],
      undecided: [{ ...orphan, reason: long }],
      remarks: [{ ...orphan, owner: "prod: aws_x.y" }],
      rules: [
        { reason: long, matched: 0, expired: true, expires: "2026-01-01" },
        { reason: long, matched: 0, expired: false },
      ],
      hidden: 4,
    });
    const lines = renderOrphans(report, columns).split("\n");

    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    // It uses the room that it has.
    expect(Math.max(...lines.map((line) => line.length))).toBeGreaterThan(columns - 20);
  });

  it("never calls an incomplete scan clean", () => {
    const gaps: OrphanReport["gaps"] = [{ subject: "sns-topic", kind: "denied", why: "no", next: "ask" }];
    const text = renderOrphans(reportWith({ verdict: "incomplete", orphans: [], gaps }), 80);

    expect(text).toContain("INCOMPLETE: this scan did not see everything.\n  sns-topic: denied\n    Why:  no\n");
    expect(text).not.toMatch(/^Clean/m);
  });

  it("says clean, and what an environment's view leaves out", () => {
    const totals = { orphans: 0, untagged: 0, idle: 0, monthlyUsd: 0, withoutPrice: 0 };
    const text = renderOrphans(
      reportWith({ verdict: "clean", environment: "prod", orphans: [], hidden: 2, totals }),
      80,
    );

    expect(text).toMatch(/^Clean: .*prod/m);
    expect(text).toContain("2 more belong to no or another environment: slipway orphans all");
  });
});
