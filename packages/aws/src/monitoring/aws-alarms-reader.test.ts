import {
  CloudWatchClient,
  DisableAlarmActionsCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { powerlessCredentials } from "../test/powerless-credentials.ts";
import { AwsAlarmsReader } from "./aws-alarms-reader.ts";

const MISSING_TOPIC = "arn:aws:sns:us-east-1:000000000000:nobody";

let aws: LocalAwsFixture;
let reader: AwsAlarmsReader;
let topic: string;
let before: number;

beforeAll(async () => {
  aws = await localAwsFixture();
  reader = new AwsAlarmsReader(aws.client);
  before = Date.now() - 1_000;
  const sns = new SNSClient(aws.client);
  topic = (await sns.send(new CreateTopicCommand({ Name: "alarms" }))).TopicArn ?? "";
  sns.destroy();
  const cloudwatch = new CloudWatchClient(aws.client);
  const condition = { EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanThreshold" as const };
  const metric = { Namespace: "Shop", MetricName: "errors", Statistic: "Sum" as const, Period: 60 };
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      ...{ AlarmName: "errors", AlarmDescription: "Too many. Runbook: docs/errors.md", ...condition, ...metric },
      ...{ AlarmActions: [topic, MISSING_TOPIC], OKActions: [topic], TreatMissingData: "notBreaching" },
    }),
  );
  await cloudwatch.send(new PutMetricAlarmCommand({ AlarmName: "silent", ...condition, ...metric }));
  await cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: ["silent"] }));
  for (let index = 0; index < 101; index++) {
    await cloudwatch.send(new PutMetricAlarmCommand({ AlarmName: `many-${index}`, ...condition, ...metric }));
  }
  await cloudwatch.send(
    new PutCompositeAlarmCommand({ AlarmName: "down", AlarmRule: "ALARM(errors) AND NOT ALARM(silent)" }),
  );
  const alarm = { AlarmName: "errors", StateValue: "ALARM", StateReason: "a test says so" } as const;
  await cloudwatch.send(new SetAlarmStateCommand(alarm));
  cloudwatch.destroy();
});

afterAll(async () => {
  reader?.close();
  await aws?.close();
});

describe("AwsAlarmsReader.describe", () => {
  test("shows a metric alarm as it is", async () => {
    const [alarm] = await reader.describe(["errors"]);

    expect(alarm).toMatchObject({
      ...{ name: "errors", kind: "metric", state: "ALARM", reason: "a test says so", actionsEnabled: true },
      description: "Too many. Runbook: docs/errors.md",
      alarmActions: [topic, MISSING_TOPIC],
      okActions: [topic],
      condition: "Sum of Shop errors > 1 for 1 of 1 periods of 60 s",
      children: [],
      missingData: "notBreaching",
    });
    expect(alarm?.arn).toMatch(/:alarm:errors$/);
    expect(alarm?.since).toBeGreaterThan(before);
  });

  test("shows a composite one with the alarms that it looks at, and one whose actions are off", async () => {
    const alarms = await reader.describe(["silent", "down"]);

    expect(alarms).toMatchObject([
      { name: "silent", actionsEnabled: false, missingData: "missing" },
      {
        ...{ name: "down", kind: "composite", children: ["errors", "silent"] },
        condition: "ALARM(errors) AND NOT ALARM(silent)",
      },
    ]);
    expect(alarms[1]).not.toHaveProperty("suppressor");
  });

  test("asks for many in several calls, in the order that they were named, and leaves out what does not exist", async () => {
    const names = Array.from({ length: 101 }, (_, index) => `many-${100 - index}`);
    const alarms = await reader.describe(["gone", ...names, "errors", "errors"]);

    expect(alarms.map(({ name }) => name)).toEqual([...names, "errors"]);
    expect(await reader.describe([])).toEqual([]);
  });

  test("says who may not", async () => {
    const powerless = new AwsAlarmsReader({ ...aws.client, credentials: await powerlessCredentials(aws) });
    await expect(powerless.describe(["errors"])).rejects.toMatchObject({
      kind: "denied",
      message: expect.stringMatching(/^cloudwatch:DescribeAlarms failed for the alarm errors\./),
    });
    await expect(powerless.history("errors", 0)).rejects.toMatchObject({
      kind: "denied",
      message: expect.stringMatching(/cloudwatch:DescribeAlarmHistory is allowed/),
    });
    powerless.close();
  });
});

describe("AwsAlarmsReader.history", () => {
  test("tells what happened, the newest first: changes, and what became of each action", async () => {
    const events = await reader.history("errors", before);

    // A minute that turns meanwhile has found it OK in between.
    expect(events.slice(0, 3)).toMatchObject([
      { kind: "action", succeeded: false, detail: "Topic does not exist", summary: expect.stringContaining("nobody") },
      { kind: "action", succeeded: true, detail: topic },
      { kind: "state", from: expect.stringMatching(/^(INSUFFICIENT_DATA|OK)$/), to: "ALARM", detail: "a test says so" },
    ]);
    expect(events.at(-1)).toMatchObject({ kind: "configuration", summary: expect.stringContaining("created") });
    expect(events.every(({ at, alarm }) => at >= before && alarm === "errors")).toBe(true);
  });

  test("also of a composite one, and only since a time", async () => {
    expect((await reader.history("down", before)).map(({ kind }) => kind)).toContain("configuration");
    expect(await reader.history("errors", Date.now() + 60_000)).toEqual([]);
  });
});
