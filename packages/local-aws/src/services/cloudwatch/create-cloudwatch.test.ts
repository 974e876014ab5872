import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateExportTaskCommand,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
  PutMetricFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { type TestCore, testCore } from "../../test/test-core.ts";
import { createLogs, type LogsService } from "../logs/create-logs.ts";
import { createSns, type SnsService } from "../sns/create-sns.ts";
import { createCloudWatch } from "./create-cloudwatch.ts";

// The three services together, as they are wired, through the SDK's own clients.

let core: TestCore;
let sns: SnsService;
let logs: LogsService;
let served: ServedServices;
let cloudwatch: CloudWatchClient;
let logsClient: CloudWatchLogsClient;
let snsClient: SNSClient;

beforeEach(async () => {
  core = testCore();
  sns = createSns(core);
  const monitoring = createCloudWatch(core, { topics: sns.topics });
  logs = createLogs(core, { metrics: monitoring.metrics });
  served = await serveServices(core, [logs.service, monitoring.service, sns.service]);
  cloudwatch = new CloudWatchClient(served.client);
  logsClient = new CloudWatchLogsClient(served.client);
  snsClient = new SNSClient(served.client);
});

afterEach(async () => {
  for (const client of [cloudwatch, logsClient, snsClient]) {
    client.destroy();
  }
  await served.close();
  core.dispose();
});

test("a log line becomes a metric, the metric an alarm, and the alarm a message", async () => {
  const { TopicArn = "" } = await snsClient.send(new CreateTopicCommand({ Name: "page" }));
  await logsClient.send(new CreateLogGroupCommand({ logGroupName: "/g" }));
  await logsClient.send(
    new PutMetricFilterCommand({
      logGroupName: "/g",
      filterName: "errors",
      filterPattern: '{ $.level = "ERROR" }',
      metricTransformations: [{ metricName: "Errors", metricNamespace: "App", metricValue: "1", unit: "Count" }],
    }),
  );
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: "errors",
      Namespace: "App",
      MetricName: "Errors",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 2,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      AlarmActions: [TopicArn],
    }),
  );
  await core.clock.advance(60_000 - (core.clock.now() % 60_000));
  const timestamp = core.clock.now();
  logs.sink.append("/g", "s", [
    { timestamp, message: '{"level":"ERROR","n":1}' },
    { timestamp, message: '{"level":"INFO","n":2}' },
    { timestamp, message: '{"level":"ERROR","n":3}' },
  ]);
  const { events } = await logsClient.send(
    new FilterLogEventsCommand({ logGroupName: "/g", filterPattern: "{ $.n >= 2 && $.level = ERROR }" }),
  );
  expect(events?.map(({ message }) => message)).toEqual(['{"level":"ERROR","n":3}']);
  await core.clock.advance(60_000);

  const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ["errors"] }));
  expect(MetricAlarms?.[0]).toMatchObject({
    StateValue: "ALARM",
    AlarmActions: [TopicArn],
    OKActions: [],
    Threshold: 2,
  });
  const [message] = sns.messages(TopicArn);
  expect(message?.subject).toBe('ALARM: "errors" in US East (N. Virginia)');
  expect(JSON.parse(message?.message ?? "")).toMatchObject({
    NewStateValue: "ALARM",
    Trigger: { MetricName: "Errors" },
  });
});

test("metrics go out as they came in", async () => {
  const minute = Math.floor(core.clock.now() / 60_000) * 60_000;
  await cloudwatch.send(
    new PutMetricDataCommand({
      Namespace: "App",
      MetricData: [
        { MetricName: "Latency", Timestamp: new Date(minute), Values: [10, 20], Counts: [1, 3], Unit: "Milliseconds" },
      ],
    }),
  );
  const range = { StartTime: new Date(minute), EndTime: new Date(minute + 60_000) };
  const statistics = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: "App",
      MetricName: "Latency",
      Period: 60,
      Statistics: ["Average"],
      ...range,
    }),
  );
  expect(statistics.Datapoints).toEqual([{ Timestamp: new Date(minute), Average: 17.5, Unit: "Milliseconds" }]);
  const data = await cloudwatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: [
        { Id: "e1", Expression: "m1 * 2" },
        {
          Id: "m1",
          ReturnData: false,
          MetricStat: { Metric: { Namespace: "App", MetricName: "Latency" }, Period: 60, Stat: "p90" },
        },
      ],
      ...range,
    }),
  );
  expect(data.MetricDataResults).toEqual([
    { Id: "e1", Label: "e1", StatusCode: "Complete", Timestamps: [new Date(minute)], Values: [40] },
  ]);
});

test("errors have the names that clients look for, and what is missing is refused by name", async () => {
  await expect(
    cloudwatch.send(new PutMetricDataCommand({ Namespace: "AWS/Lambda", MetricData: [{ MetricName: "m", Value: 1 }] })),
  ).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  // Its shape is DashboardNotFoundError; the name that the service gives is the Query protocol's.
  await expect(cloudwatch.send(new GetDashboardCommand({ DashboardName: "x" }))).rejects.toMatchObject({
    name: "ResourceNotFound",
    message: "Dashboard x does not exist",
    $metadata: { httpStatusCode: 404 },
  });
  await expect(
    logsClient.send(new CreateExportTaskCommand({ logGroupName: "/g", from: 0, to: 1, destination: "bucket" })),
  ).rejects.toThrow("CreateExportTask");
});
