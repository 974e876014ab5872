import { describe, expect, it } from "vitest";
import { type RehearsalReport, rehearsalReportSchema } from "./rehearsal-report.ts";

const report: RehearsalReport = {
  version: 1,
  label: "rehearsed on local AWS",
  environment: "prod",
  endpoint: "http://127.0.0.1:4566",
  apiUrl: "http://127.0.0.1:4566/restapis/a1/prod/_user_request_",
  functionVersion: "2",
  artifactSha256: "0".repeat(64),
  functions: [
    {
      name: "api-handler",
      functionName: "api-handler-prod",
      functionVersion: "2",
      previousVersion: "1",
      artifactSha256: "0".repeat(64),
      changed: true,
    },
  ],
  roles: { plan: "arn:aws:iam::000000000000:role/slipway-prod-plan" },
  terraform: { bootstrap: { add: 3, change: 0, destroy: 0 }, prod: { add: 50, change: 0, destroy: 0 } },
  durationsMs: { plan: 12.5, total: 20 },
  smoke: {
    passed: true,
    steps: [{ name: "alive", request: "GET /", outcome: "passed", status: 200, durationMs: 3, attempts: 1 }],
    cleanup: [],
    durationMs: 3,
  },
  changed: true,
};

describe("rehearsalReportSchema", () => {
  it("accepts a report, also after it went through JSON", () => {
    expect(rehearsalReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  it.each([
    ["another version", { version: 2 }],
    ["a claim to have been verified on AWS", { label: "verified on AWS" }],
    ["a digest that is none", { artifactSha256: "ABC" }],
    ["durations without their total", { durationsMs: { plan: 1 } }],
    ["a negative duration", { durationsMs: { total: 1, plan: -1 } }],
    ["an unknown key", { secret: "x" }],
  ])("refuses %s", (_, change) => {
    expect(rehearsalReportSchema.safeParse({ ...report, ...change }).success).toBe(false);
  });
});
