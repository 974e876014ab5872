import { CloudWatchClient, DescribeAlarmsCommand, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allow, type EnforcedCore, enforcedCore } from "../../test/enforced-core.ts";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { type CloudWatchService, createCloudWatch } from "./create-cloudwatch.ts";

const ALARM = "arn:aws:cloudwatch:us-east-1:000000000000:alarm";
const DASHBOARD = "arn:aws:cloudwatch::000000000000:dashboard";

let enforced: EnforcedCore;
let cloudwatch: CloudWatchService;
let served: ServedServices;

beforeAll(async () => {
  enforced = enforcedCore();
  cloudwatch = createCloudWatch(enforced.core, { topics: { publish: () => {} } });
  served = await serveServices(enforced.core, [cloudwatch.service]);
  const put = cloudwatch.service.operations.PutCompositeAlarm;
  await put?.({ AlarmName: "down", AlarmRule: "TRUE" } as never, enforced.core.context());
});

afterAll(async () => {
  await served.close();
  enforced.core.dispose();
});

const needsOf = (operation: string, input: object) =>
  cloudwatch.service.access?.[operation]?.(input as never, enforced.core.context()) ?? [];

test("every operation has needs", () => {
  const { access = {}, operations } = cloudwatch.service;
  expect(Object.keys(operations).filter((name) => !(name in access))).toEqual([]);
});

test.each<[string, object, string[]]>([
  ["GetMetricData", {}, ["cloudwatch:GetMetricData *"]],
  ["PutMetricAlarm", { AlarmName: "a" }, [`cloudwatch:PutMetricAlarm ${ALARM}:a`]],
  [
    "PutMetricAlarm",
    { AlarmName: "a", Tags: [{ Key: "k", Value: "v" }] },
    [`cloudwatch:PutMetricAlarm ${ALARM}:a`, `cloudwatch:TagResource ${ALARM}:a`],
  ],
  ["PutCompositeAlarm", { AlarmName: "down" }, ["cloudwatch:PutCompositeAlarm *"]],
  ["DeleteAlarms", { AlarmNames: ["a", "down"] }, [`cloudwatch:DeleteAlarms ${ALARM}:a`, "cloudwatch:DeleteAlarms *"]],
  ["DescribeAlarms", {}, [`cloudwatch:DescribeAlarms ${ALARM}:*`]],
  ["DescribeAlarms", { AlarmTypes: ["CompositeAlarm"] }, ["cloudwatch:DescribeAlarms *"]],
  ["PutDashboard", { DashboardName: "d" }, [`cloudwatch:PutDashboard ${DASHBOARD}/d`]],
  ["TagResource", { ResourceARN: `${ALARM}:a`, Tags: [] }, [`cloudwatch:TagResource ${ALARM}:a`]],
])("%s %o", (operation, input, expected) => {
  expect(needsOf(operation, input).map(({ action, resource }) => `${action} ${resource}`)).toEqual(expected);
});

test("what an alarm sets off can be limited", () => {
  const [need] = needsOf("PutMetricAlarm", { AlarmName: "a", AlarmActions: ["t1"], OKActions: ["t2"] });
  expect(need?.conditions).toMatchObject({ "cloudwatch:AlarmActions": ["t1", "t2"] });
});

test("metrics can be put into the namespaces that a role may write", async () => {
  const credentials = enforced.role(
    "app",
    allow("cloudwatch:PutMetricData", "*", { Condition: { StringEquals: { "cloudwatch:namespace": "App" } } }),
  );
  const client = new CloudWatchClient({ ...served.client, credentials, maxAttempts: 1 });
  const put = (Namespace: string) =>
    client.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: "m", Value: 1 }] }));
  await put("App");
  await expect(put("Other")).rejects.toThrow(
    "cloudwatch:PutMetricData on resource: * because no identity-based policy",
  );
  await expect(client.send(new DescribeAlarmsCommand({}))).rejects.toThrow(
    `cloudwatch:DescribeAlarms on resource: ${ALARM}:*`,
  );
  client.destroy();
});
