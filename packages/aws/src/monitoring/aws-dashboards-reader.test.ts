import { CloudWatchClient, PutDashboardCommand } from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { powerlessCredentials } from "../test/powerless-credentials.ts";
import { AwsDashboardsReader } from "./aws-dashboards-reader.ts";

const DashboardBody = JSON.stringify({ widgets: [{ type: "text", properties: { markdown: "# Hello" } }] });

let aws: LocalAwsFixture;

beforeAll(async () => {
  aws = await localAwsFixture();
  const cloudwatch = new CloudWatchClient(aws.client);
  await cloudwatch.send(new PutDashboardCommand({ DashboardName: "shop", DashboardBody }));
  cloudwatch.destroy();
});

afterAll(() => aws?.close());

test("gives the body as it was put, and nothing where there is none", async () => {
  const reader = new AwsDashboardsReader(aws.client);
  expect(await reader.body("shop")).toBe(DashboardBody);
  expect(await reader.body("gone")).toBeUndefined();
  reader.close();
});

test("says who may not", async () => {
  const powerless = new AwsDashboardsReader({ ...aws.client, credentials: await powerlessCredentials(aws) });
  await expect(powerless.body("shop")).rejects.toThrow(
    /^cloudwatch:GetDashboard failed for the dashboard shop\..*cloudwatch:GetDashboard is allowed/s,
  );
  powerless.close();
});
