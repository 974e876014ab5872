import { afterEach, beforeEach, expect, test } from "vitest";
import type { MetricDatum } from "../../core/ports.ts";
import { type CloudWatchHarness, cloudWatchHarness } from "./cloudwatch-harness.ts";

let aws: CloudWatchHarness;

beforeEach(async () => {
  aws = await cloudWatchHarness();
});

afterEach(() => aws.dispose());

const datum: MetricDatum = {
  ...{ namespace: "AWS/Lambda", name: "Errors", dimensions: { FunctionName: "f" }, value: 1, unit: "Count" },
};

test("real traffic's values are read at once", async () => {
  const now = aws.core.clock.now();
  aws.cloudwatch.metrics.record([datum, { ...datum, value: 3, count: 2 }]);
  const { Datapoints } = await aws.call("GetMetricStatistics", {
    ...{ Namespace: datum.namespace, MetricName: datum.name, Dimensions: [{ Name: "FunctionName", Value: "f" }] },
    ...{ StartTime: new Date(now), EndTime: new Date(now + 60_000), Period: 60 },
    Statistics: ["Sum", "SampleCount"],
  });
  expect(Datapoints).toMatchObject([{ Sum: 7, SampleCount: 3 }]);
});

test.each<[string, Partial<MetricDatum>]>([
  ["that is no number", { value: Number.NaN }],
  ["that was measured no time", { count: 0 }],
  ["in no unit", { unit: "Apples" }],
  ["of long ago", { timestamp: 0 }],
  ["with a line break in its namespace", { namespace: "a\nb" }],
  ["with a line break in its name", { name: "a\nb" }],
  ["with a line break in a dimension", { dimensions: { a: "x\ny" } }],
])("a value %s is dropped, and the others are kept", async (_what, change) => {
  aws.cloudwatch.metrics.record([{ ...datum, name: "Bad", ...change }, datum]);
  expect((await aws.call("ListMetrics", {})).Metrics?.map(({ MetricName }) => MetricName)).toEqual(["Errors"]);
});
