import { afterEach, beforeEach, expect, test } from "vitest";
import type { RequestContext, Service } from "../../core/service.ts";
import { type TestCore, testCore } from "../../test/test-core.ts";
import { createCloudWatch } from "../cloudwatch/create-cloudwatch.ts";
import { createSqs } from "./create-sqs.ts";

let core: TestCore;
let cloudwatch: Service;
let sqs: Service;

beforeEach(() => {
  core = testCore();
  const monitoring = createCloudWatch(core, { topics: { publish: () => {} } });
  const keys = { findKeyArn: () => undefined, keyPolicy: () => undefined };
  cloudwatch = monitoring.service;
  sqs = createSqs(core, { metrics: monitoring.metrics, keys }).service;
});
afterEach(async () => {
  await sqs.close?.();
  await cloudwatch.close?.();
  core.dispose();
});

async function call(service: Service, operation: string, input: object): Promise<Record<string, unknown>> {
  const work = service.operations[operation] as unknown as (
    input: object,
    context: RequestContext,
  ) => Record<string, unknown> | Promise<Record<string, unknown>>;
  return await work(input, core.context());
}

async function alarmState(): Promise<string | undefined> {
  const { MetricAlarms } = await call(cloudwatch, "DescribeAlarms", { AlarmNames: ["dead-letters"] });
  return (MetricAlarms as { StateValue?: string }[])[0]?.StateValue;
}

test("an alarm on a dead-letter queue rings while there is something in it, and not before or after", async () => {
  const { QueueUrl: dead } = await call(sqs, "CreateQueue", { QueueName: "dead" });
  const RedrivePolicy = `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":1}`;
  const Attributes = { RedrivePolicy, VisibilityTimeout: "0" };
  const { QueueUrl } = await call(sqs, "CreateQueue", { QueueName: "orders", Attributes });
  await call(cloudwatch, "PutMetricAlarm", {
    AlarmName: "dead-letters",
    Namespace: "AWS/SQS",
    MetricName: "ApproximateNumberOfMessagesVisible",
    Dimensions: [{ Name: "QueueName", Value: "dead" }],
    Statistic: "Maximum",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: "GreaterThanThreshold",
  });
  await core.clock.advance(5 * 60_000);
  expect(await alarmState()).toBe("OK");

  await call(sqs, "SendMessage", { QueueUrl, MessageBody: "poison" });
  await call(sqs, "ReceiveMessage", { QueueUrl });
  await call(sqs, "ReceiveMessage", { QueueUrl });
  await core.clock.advance(2 * 60_000);
  expect(await alarmState()).toBe("ALARM");

  await call(sqs, "PurgeQueue", { QueueUrl: dead });
  await core.clock.advance(5 * 60_000);
  expect(await alarmState()).toBe("OK");
});
