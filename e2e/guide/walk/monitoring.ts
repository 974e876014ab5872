import { expect } from "vitest";
import type { WalkedPage } from "./walked-command.ts";

const json = <T>(said: string) => JSON.parse(said) as T;

/** Chapter 6: what watches it. */
export const monitoring: WalkedPage = {
  file: "6-monitoring-alerting.md",
  commands: [
    {
      begins: "slipway alarms prod",
      exit: [0, 1],
      proves: (said) => expect(said).toContain("api-handler-prod-errors"),
    },
    {
      begins: "slipway alarms prod api-handler-prod-errors --history",
      exit: [0, 1],
      proves: (said) => expect(said).toContain("api-handler-prod-errors"),
    },
    {
      begins: "aws cloudwatch describe-alarms --alarm-name-prefix api-handler-prod",
      proves: (said) => expect(json<[string][]>(said).map(([name]) => name)).toContain("api-handler-prod-errors"),
    },
    {
      begins: "aws cloudwatch describe-alarm-history",
      proves: (said) => expect(json(said)).toMatchObject({ AlarmHistoryItems: expect.any(Array) }),
    },
    {
      begins: "aws cloudwatch put-metric-alarm",
      proves: async (_said, walk) =>
        expect(await walk.must("aws cloudwatch describe-alarms --alarm-names my-duration")).toContain(
          '"Threshold": 9500',
        ),
    },
    {
      begins: "aws cloudwatch delete-alarms",
      proves: async (_said, walk) =>
        expect(json(await walk.must("aws cloudwatch describe-alarms --alarm-names my-duration"))).toMatchObject({
          MetricAlarms: [],
        }),
    },
    { begins: "slipway dashboard prod   ", proves: (said) => expect(said).toMatch(/Invocations|requests/i) },
    {
      begins: "slipway dashboard prod --open",
      leftOut:
        "it opens a browser on the console of AWS, which local AWS has not; dashboard.test.ts in apps/cli looks at the address",
    },
    {
      begins: "aws cloudwatch get-dashboard",
      proves: (said) => expect(json(said)).toMatchObject({ DashboardName: "api-gateway-lambda-prod" }),
    },
    {
      begins: "slipway insights prod   ",
      proves: (said) => expect(said).toMatch(/error-analysis[\s\S]*request-analysis/),
    },
    { begins: "slipway insights prod error-analysis", proves: (said) => expect(said).not.toBe("") },
    { begins: "slipway insights prod performance-analysis", proves: (said) => expect(said).toMatch(/p99/) },
    { begins: "slipway insights prod request-analysis", proves: (said) => expect(said).toMatch(/2xx/) },
    {
      begins: "aws logs describe-query-definitions",
      proves: (said) =>
        expect(json<{ queryDefinitions: object[] }>(said).queryDefinitions.length).toBeGreaterThanOrEqual(2),
    },
    {
      begins: "aws logs start-query",
      proves: (said, walk) => walk.facts.set("query", json<{ queryId: string }>(said).queryId),
    },
    {
      begins: "aws logs get-query-results",
      values: (walk) => ({ "QUERY-ID": walk.fact("query") }),
      proves: (said) => expect(json(said)).toMatchObject({ status: expect.stringMatching(/Complete|Running/) }),
    },
  ],
};
