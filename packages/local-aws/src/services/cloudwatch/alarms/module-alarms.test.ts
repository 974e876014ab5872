import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CloudWatchHarness, cloudWatchHarness } from "../cloudwatch-harness.ts";
import { stateOf } from "./alarm-timeline.ts";
import { type ModuleAlarm, readBackupsAlarm, readFile, readModuleAlarms } from "./read-module-alarms.ts";

// The alarms of infrastructure/modules/monitoring, as they are written there: each goes off for bad traffic and is OK again after good.

const FUNCTION = { FunctionName: "api-handler-prod" };
const STAGE = { ApiName: "items-api-prod", Stage: "prod" };
const TABLE = { TableName: "items-prod" };
const QUEUE = { QueueName: "api-handler-prod-dead-letters" };
const TOPIC = "arn:aws:sns:us-east-1:000000000000:alarms";

/** Values of one minute: `Errors` 3 times 1 as `["AWS/Lambda", "Errors", FUNCTION, [1, 1, 1]]`. */
type Values = readonly [namespace: string, name: string, dimensions: Record<string, string>, values: readonly number[]];
type Minute = readonly Values[];

const times = (count: number, value: number): number[] => Array(count).fill(value) as number[];
const calls = (count: number, failed: number): Minute => [
  ["AWS/Lambda", "Invocations", FUNCTION, times(count, 1)],
  ["AWS/Lambda", "Errors", FUNCTION, [...times(failed, 1), ...times(count - failed, 0)]],
];
const requests = (count: number, failed: number): Minute => [
  ["AWS/ApiGateway", "Count", STAGE, times(count, 1)],
  ["AWS/ApiGateway", "5XXError", STAGE, [...times(failed, 1), ...times(count - failed, 0)]],
];

/** What sets each alarm off, and what does not. */
const TRAFFIC: Readonly<Record<string, { bad: Minute; good: Minute }>> = {
  duration: {
    bad: [["AWS/Lambda", "Duration", FUNCTION, [...times(90, 100), ...times(10, 9_600)]]],
    good: [["AWS/Lambda", "Duration", FUNCTION, times(100, 100)]],
  },
  throttles: { bad: [["AWS/Lambda", "Throttles", FUNCTION, [1]]], good: [["AWS/Lambda", "Throttles", FUNCTION, [0]]] },
  concurrency: {
    bad: [["AWS/Lambda", "ConcurrentExecutions", {}, [10, 801]]],
    good: [["AWS/Lambda", "ConcurrentExecutions", {}, [10, 800]]],
  },
  dead_letters: {
    bad: [["AWS/SQS", "ApproximateNumberOfMessagesVisible", QUEUE, [1]]],
    good: [["AWS/SQS", "ApproximateNumberOfMessagesVisible", QUEUE, [0]]],
  },
  latency: {
    bad: [["AWS/ApiGateway", "Latency", STAGE, [...times(90, 50), ...times(10, 5_100)]]],
    good: [["AWS/ApiGateway", "Latency", STAGE, times(100, 50)]],
  },
  errors: { bad: calls(20, 2), good: calls(20, 0) },
  server_error: { bad: requests(20, 1), good: requests(20, 0) },
  unavailable: { bad: requests(4, 3), good: requests(4, 1) },
  throttling: {
    bad: [
      ["AWS/DynamoDB", "WriteThrottleEvents", { ...TABLE, GlobalSecondaryIndexName: "status-index" }, times(11, 1)],
    ],
    good: [["AWS/DynamoDB", "WriteThrottleEvents", TABLE, [1]]],
  },
  silent: { bad: [], good: requests(1, 0) },
};

const alarms = readModuleAlarms();
let aws: CloudWatchHarness;

beforeAll(async () => {
  aws = await cloudWatchHarness();
});

afterAll(() => aws.dispose());

/** What Terraform makes of an entry: `aws_cloudwatch_metric_alarm.metric` or `.rate`. */
function inputOf(alarm: ModuleAlarm): object {
  const number = (name: string): number => Number(alarm[name]);
  const common = {
    ComparisonOperator: "GreaterThanThreshold",
    Threshold: number("threshold"),
    EvaluationPeriods: number("periods"),
    DatapointsToAlarm: number("datapoints"),
    TreatMissingData: alarm.missing ?? "notBreaching",
  };
  const dimensions = listOf(dimensionsOf(alarm));
  if (alarm.part === undefined) {
    const { namespace, metric, statistic = "" } = alarm;
    return {
      ...common,
      ...{ Namespace: namespace, MetricName: metric, Dimensions: dimensions, Period: number("period") },
      ...(statistic.startsWith("p") ? { ExtendedStatistic: statistic } : { Statistic: statistic }),
    };
  }
  const stat = (Id: string, MetricName: string | undefined) => ({
    ...{ Id, ReturnData: false },
    MetricStat: {
      ...{
        Metric: { Namespace: alarm.namespace, MetricName, Dimensions: dimensions },
        Period: number("period"),
        Stat: "Sum",
      },
    },
  });
  const [, written = ""] = /expression {2}= "(IF.*)"/.exec(readFile("rate_alarms.tf")) ?? [];
  const Expression = written.replace(/\$\{each\.value\.minimum\}/, alarm.minimum ?? "");
  return {
    ...common,
    Metrics: [{ Id: "percent", Expression }, stat("part", alarm.part), stat("whole", alarm.whole)],
  };
}

function dimensionsOf({ dimensions = "" }: ModuleAlarm): Record<string, string> {
  if (dimensions === "local.stage_dimensions") {
    return STAGE;
  }
  // Without a reservation all functions of the account count.
  const written = dimensions.startsWith("local.has_reservation ?") ? "{}" : dimensions;
  return Object.fromEntries([...written.matchAll(/(\w+) = "([^"]+)"/g)].map(([, name, value]) => [name, value]));
}

const listOf = (dimensions: Record<string, string>) =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

const put = (AlarmName: string, input: object) =>
  aws.call("PutMetricAlarm", { AlarmName, AlarmActions: [TOPIC], OKActions: [TOPIC], ...input } as never);

/** Lets minutes of some traffic pass until the alarm is in a state; returns how many it took. */
async function minutesUntil(alarm: string, state: string, traffic: Minute, most: number): Promise<number> {
  for (let minute = 1; minute <= most; minute++) {
    aws.cloudwatch.metrics.record(
      traffic.flatMap(([namespace, name, dimensions, values]) =>
        values.map((value) => ({ namespace, name, dimensions, value, unit: "None" })),
      ),
    );
    await aws.nextMinute();
    if ((await stateOf(aws, alarm)) === state) {
      return minute;
    }
  }
  throw new Error(`${alarm} is ${await stateOf(aws, alarm)} after ${most} minutes, and not ${state}`);
}

test("the module has the alarms that are tried here", () => {
  const others = [...readFile("main.tf").matchAll(/^ {6}(\w+) += "\$\{var/gm)].map(([, name]) => name);
  expect([...Object.keys(alarms), "throttling", "down"].sort()).toEqual(others.sort());
  expect(readFile("main.tf")).toContain('{ silent = "$' + '{var.api_name}-silent" }');
  expect(readFile("main.tf")).toContain('{ backups = "$' + '{var.table_name}-backups" }');
});

describe("goes off and comes back, with a message each time", () => {
  test.each(Object.entries(alarms))("%s: %j", async (key, alarm) => {
    const { bad, good } = TRAFFIC[key] ?? { bad: [], good: [] };
    await put(key, inputOf(alarm));
    await minutesUntil(key, "OK", good, 1);
    aws.published.splice(0);
    const [period, periods] = [Number(alarm.period) / 60, Number(alarm.periods)];
    await minutesUntil(key, "ALARM", bad, period * periods);
    await minutesUntil(key, "OK", good, period * (periods + 2));
    expect(aws.published.map(({ subject }) => subject.split(":")[0])).toEqual(["ALARM", "OK"]);
    await aws.call("DeleteAlarms", { AlarmNames: [key] });
  });

  test("throttling: the table and its index together", async () => {
    const source = readFile("rate_alarms.tf");
    expect(source).toContain('expression  = "SUM(METRICS())"');
    expect(source).toMatch(
      /treat_missing_data {2}= "notBreaching"\n {2}alarm_actions {7}= \[aws_sns_topic.alarms.arn\]/,
    );
    const stat = (Id: string, MetricName: string, more: object = {}) => ({
      ...{ Id, ReturnData: false },
      MetricStat: {
        ...{ Metric: { Namespace: "AWS/DynamoDB", MetricName, Dimensions: listOf({ ...TABLE, ...more }) } },
        ...{ Period: 300, Stat: "Sum" },
      },
    });
    const index = { GlobalSecondaryIndexName: "status-index" };
    await put("throttling", {
      ...{ ComparisonOperator: "GreaterThanThreshold", Threshold: 10, EvaluationPeriods: 1, DatapointsToAlarm: 1 },
      TreatMissingData: "notBreaching",
      Metrics: [
        { Id: "throttles", Expression: "SUM(METRICS())" },
        ...[stat("read_table", "ReadThrottleEvents"), stat("write_table", "WriteThrottleEvents")],
        ...[stat("read_index", "ReadThrottleEvents", index), stat("write_index", "WriteThrottleEvents", index)],
      ],
    });
    await minutesUntil("throttling", "OK", [], 1);
    await minutesUntil("throttling", "ALARM", TRAFFIC.throttling?.bad ?? [], 1);
    await minutesUntil("throttling", "OK", TRAFFIC.throttling?.good ?? [], 15);
  });

  test("silent: no data is the bad news", async () => {
    expect(readFile("alarms.tf")).toMatch(
      /resource "aws_cloudwatch_metric_alarm" "silent"[\s\S]*"LessThanThreshold"[\s\S]*treat_missing_data {2}= "breaching"/,
    );
    await put("silent", {
      ...{ Namespace: "AWS/ApiGateway", MetricName: "Count", Dimensions: listOf(STAGE), Statistic: "Sum", Period: 60 },
      ...{ ComparisonOperator: "LessThanThreshold", Threshold: 1, EvaluationPeriods: 5, DatapointsToAlarm: 5 },
      ...{ TreatMissingData: "breaching", AlarmActions: [], OKActions: [] },
    });
    await minutesUntil("silent", "OK", TRAFFIC.silent?.good ?? [], 1);
    // The last request counts as long as it is in the evaluation range.
    expect(await minutesUntil("silent", "ALARM", [], 8)).toBeGreaterThan(4);
    expect(await minutesUntil("silent", "OK", TRAFFIC.silent?.good ?? [], 1)).toBe(1);
  });

  test("backups: for a day after one was given up, by the group of its schedule", async () => {
    const dropped = (group: string): Minute => [
      ["AWS/Scheduler", "InvocationDroppedCount", { ScheduleGroup: group }, [1]],
    ];
    expect(readFile("backups.tf")).toContain(
      "dimensions          = { ScheduleGroup = var.backup_schedule_group_name }",
    );
    await put("backups", { ...readBackupsAlarm(), Dimensions: listOf({ ScheduleGroup: "items-prod-backup" }) });
    await minutesUntil("backups", "OK", dropped("another"), 1);
    expect(aws.cloudwatch.drills.exercise("backups")).toMatchObject({ goesOff: true, recovers: true });
    aws.published.splice(0);
    await minutesUntil("backups", "ALARM", dropped("items-prod-backup"), 1);
    const minutes = await minutesUntil("backups", "OK", [], 27 * 60);
    expect(minutes).toBeGreaterThan(23 * 60);
    expect(aws.published.map(({ subject }) => subject.split(":")[0])).toEqual(["ALARM", "OK"]);
  });

  test("down: by the alarms that its rule names", async () => {
    const rule = [...readFile("down.tf").matchAll(/"\(?ALARM\(.*\)?",?$/gm)].map(([line]) => line);
    expect(rule).toHaveLength(2);
    for (const key of ["unavailable", "throttles", "server_error"]) {
      await put(key, { ...inputOf(alarms[key] ?? {}), AlarmActions: [], OKActions: [] });
    }
    await aws.call("PutCompositeAlarm", {
      AlarmName: "down",
      AlarmRule: 'ALARM("unavailable") OR (ALARM("throttles") AND ALARM("server_error")) OR ALARM("silent")',
      ...{ AlarmActions: [TOPIC], OKActions: [TOPIC] },
    });
    await minutesUntil("down", "OK", requests(4, 0), 20);
    aws.published.splice(0);
    await minutesUntil("down", "ALARM", requests(4, 4), 4);
    await minutesUntil("down", "OK", requests(4, 0), 6);
    const ofDown = aws.published.filter(({ subject }) => subject.includes('"down"'));
    expect(ofDown.map(({ subject }) => subject.split(":")[0])).toEqual(["ALARM", "OK"]);
  });
});
