import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CloudWatchHarness, cloudWatchHarness } from "../cloudwatch-harness.ts";
import { DOCUMENTED, stateOf } from "./alarm-timeline.ts";

// What AWS documents of alarms on metric math, through the service.

const GUIDE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring";
const MATH = `${GUIDE}/using-metric-math.html`;
const ALARMS_ON_MATH = `${GUIDE}/Create-alarm-on-metric-math-expression.html`;
const API = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html";

let aws: CloudWatchHarness;

beforeEach(async () => {
  aws = await cloudWatchHarness();
});

afterEach(() => aws.dispose());

const metric = (Id: string, more: object = {}) => ({
  Id,
  ReturnData: false,
  MetricStat: { Metric: { Namespace: DOCUMENTED.namespace, MetricName: Id }, Period: 60, Stat: "Sum", ...more },
});

/** An alarm over 3 on an expression of the metrics `a` and `b`. */
const put = (Expression: string, more: object = {}, metrics: object[] = [metric("a"), metric("b")]) =>
  aws.call("PutMetricAlarm", {
    ...{ AlarmName: DOCUMENTED.alarm, EvaluationPeriods: 1, Threshold: 3 },
    ComparisonOperator: "GreaterThanThreshold",
    ...more,
    Metrics: [{ Id: "e", Expression }, ...metrics],
  } as never);

/** Minutes as `a/b`, each a number or `-`. */
async function play(minutes: string): Promise<string> {
  const states: (string | undefined)[] = [];
  for (const minute of minutes.split(" ")) {
    const data = minute
      .split("/")
      .flatMap((value, index) => (value === "-" ? [] : [{ MetricName: ["a", "b"][index], Value: Number(value) }]));
    if (data.length > 0) {
      await aws.call("PutMetricData", { Namespace: DOCUMENTED.namespace, MetricData: data });
    }
    await aws.nextMinute();
    states.push(await stateOf(aws));
  }
  return states.join(" ");
}

const none = "INSUFFICIENT_DATA";

describe("an alarm on an expression", () => {
  test.each<[string, object, string, string, string]>([
    ["a + b", {}, "1/2 2/2", "OK ALARM", "arithmetic"],
    ["100 * a / b", { Threshold: 5 }, "5/100 6/100", "OK ALARM", "a share in percent"],
    ["a / b", {}, "9/0", none, "a division by zero gives no data point"],
    ["a / b", {}, "9/- 8/2", `${none} ALARM`, "nothing to divide by gives no data point either"],
    ["FILL(a, 0) + FILL(b, 0)", {}, "9/- -/9 1/-", "ALARM ALARM OK", "FILL puts a number in its place"],
    ["FILL(a, REPEAT) + b", {}, "9/1 -/1 -/-", "ALARM ALARM ALARM", "FILL with the last value"],
    ["FILL(a, 0)", { Threshold: -1 }, "-/- -/-", "ALARM ALARM", "a metric that never had data is filled, too"],
    ["IF(b >= 10, 100 * a / b, 0)", { Threshold: 5 }, "9/9 1/10 0/10", "OK ALARM OK", "IF with a minimum"],
    ["IF(a > 2, b)", {}, "1/9 3/9", `${none} ALARM`, "IF without an else gives nothing"],
    ["SUM(METRICS())", {}, "2/- 2/2 -/4", "OK ALARM ALARM", "SUM over what is there"],
    ["MAX([a, b])", {}, "1/2 1/4", "OK ALARM", "MAX of an array is one series"],
    ["AVG(METRICS())", {}, "2/4 4/4", "OK ALARM", "AVG"],
    ["a - b", { ComparisonOperator: "LessThanThreshold", Threshold: 0 }, "3/3 2/3", "OK ALARM", "below zero"],
    ["a > 2 && b > 2", { Threshold: 0 }, "3/2 3/3", "OK ALARM", "comparisons give 0 and 1"],
    ["RATE(a) * 60", { TreatMissingData: "notBreaching" }, "1/- 2/- 7/-", "OK OK ALARM", "RATE per second"],
    ["ABS(a)", {}, "-2/- -4/-", "OK ALARM", "ABS"],
  ])(`%s with %j: %s is %s, %s (${MATH})`, async (expression, alarm, minutes, states, _why) => {
    await put(expression, alarm);
    expect(await play(minutes)).toBe(states);
  });

  test.each([
    ["missing", none],
    ["ignore", "ALARM"],
    ["breaching", "ALARM"],
    ["notBreaching", "OK"],
  ])(
    `takes missing data of its metrics as %s: %s (${GUIDE}/alarm-evaluation.html, alarms on math expressions)`,
    async (TreatMissingData, state) => {
      await put("a / b", { TreatMissingData });
      await aws.call("SetAlarmState", { AlarmName: DOCUMENTED.alarm, StateValue: "ALARM", StateReason: "before" });
      expect(await play("9/-")).toBe(state);
    },
  );

  test(`can be a single metric of the list (${API}, Metrics)`, async () => {
    await aws.call("PutMetricAlarm", {
      ...{ AlarmName: DOCUMENTED.alarm, EvaluationPeriods: 1, Threshold: 3 },
      ComparisonOperator: "GreaterThanThreshold",
      Metrics: [{ ...metric("a"), ReturnData: true }],
    });
    expect(await play("3/- 4/-")).toBe("OK ALARM");
  });

  test(`waits for enough samples of its percentile (${GUIDE}/percentiles-with-low-samples.html)`, async () => {
    await aws.call("PutMetricAlarm", {
      ...{ AlarmName: DOCUMENTED.alarm, EvaluationPeriods: 1, Threshold: 3 },
      ...{ ComparisonOperator: "GreaterThanThreshold", EvaluateLowSampleCountPercentile: "ignore" },
      Metrics: [{ ...metric("a", { Stat: "p50" }), ReturnData: true }],
    });
    expect(await play("9/-")).toBe(none);
  });

  test(`counts the samples of the metric that it compares, in its unit (${GUIDE}/percentiles-with-low-samples.html)`, async () => {
    await aws.call("PutMetricAlarm", {
      ...{ AlarmName: DOCUMENTED.alarm, EvaluationPeriods: 1, Threshold: 3 },
      ...{ ComparisonOperator: "GreaterThanThreshold", EvaluateLowSampleCountPercentile: "ignore" },
      Metrics: [{ ...metric("a", { Stat: "p50", Unit: "Seconds" }), ReturnData: true }, metric("b", {})],
    });
    const of = (MetricName: string, Unit: "Seconds" | "Bytes", count: number) =>
      aws.call("PutMetricData", {
        Namespace: DOCUMENTED.namespace,
        MetricData: [{ MetricName, Unit, Values: [9], Counts: [count] }],
      });
    await of("a", "Seconds", 19);
    await of("a", "Bytes", 30);
    await of("b", "Seconds", 30);
    await aws.nextMinute();
    expect(await stateOf(aws)).toBe(none);
    await of("a", "Seconds", 20);
    await aws.nextMinute();
    expect(await stateOf(aws)).toBe("ALARM");
  });

  test(`keeps to the unit of its metrics (${API}, Metrics)`, async () => {
    await put("a + 0", {}, [metric("a", { Unit: "Seconds" })]);
    expect(await play("9/-")).toBe(none);
  });
});

describe("an expression is refused", () => {
  const eleven = Array.from({ length: 11 }, (_, index) => metric(`m${index}`));
  const insights = { Id: "e", Expression: 'SELECT AVG(Load) FROM "Documented"', Period: 60 };

  test.each([
    [`that gives many series (${ALARMS_ON_MATH})`, () => put("METRICS() * 2"), "single time series"],
    [`that gives a number (${ALARMS_ON_MATH})`, () => put("5"), "single time series"],
    [
      `of eleven metrics (${ALARMS_ON_MATH}: as many as 10)`,
      () => put("SUM(METRICS())", {}, eleven),
      "1 to 10 metrics",
    ],
    [
      `of metrics with different periods (${ALARMS_ON_MATH})`,
      () => put("a + b", {}, [metric("a"), metric("b", { Period: 300 })]),
      "must use the same period",
    ],
    [
      `beside a metric (${API}, Metrics)`,
      () => put("a + b", { MetricName: "Load" }),
      "MetricName should not be set if list of Metrics is set.",
    ],
    [
      `when nothing returns data (${API}, Metrics)`,
      () => aws.call("PutMetricAlarm", { AlarmName: "x", EvaluationPeriods: 1, Threshold: 1, Metrics: [metric("a")] }),
      "Exactly one element of the metrics list should return data.",
    ],
    [
      `when two elements return data (${API}, Metrics)`,
      () => put("a + b", {}, [metric("a"), { ...metric("b"), ReturnData: true }]),
      "Exactly one element of the metrics list should return data.",
    ],
    [`that speaks of what is not there (${MATH})`, () => put("a + c"), "no metric or expression with the id 'c'"],
    [
      `of Metrics Insights, which local AWS does not run (${GUIDE}/cloudwatch-metrics-insights-alarms.html)`,
      () => aws.call("PutMetricAlarm", { AlarmName: "x", EvaluationPeriods: 1, Threshold: 1, Metrics: [insights] }),
      "Metrics Insights",
    ],
    [
      `of an anomaly band, which local AWS does not have (${GUIDE}/CloudWatch_Anomaly_Detection.html)`,
      () => put("ANOMALY_DETECTION_BAND(a)", {}, [metric("a")]),
      "does not have the function ANOMALY_DETECTION_BAND",
    ],
  ])("%s", async (_what, ask, message) => {
    await expect(ask()).rejects.toThrow(message);
  });
});
