import { describe, expect, test } from "vitest";
import { type DashboardWidget, parseDashboardBody } from "./dashboard-body.ts";

const parse = (body: unknown) => parseDashboardBody("shop", JSON.stringify(body));
const widget = (type: string, properties: object): DashboardWidget =>
  parse({ widgets: [{ type, properties }] }).widgets[0] as DashboardWidget;
const series = (properties: object) => {
  const found = widget("metric", properties);
  return found.type === "metric" ? found.series : found;
};
const none = (metrics: unknown) => widget("metric", { metrics });

describe("the metrics of a widget", () => {
  test("have the widget's statistic and period, CloudWatch's where it has none, and their own before both", () => {
    expect(series({ metrics: [["AWS/SQS", "NumberOfMessagesSent"]] })).toEqual([
      {
        ...{ metric: { namespace: "AWS/SQS", name: "NumberOfMessagesSent", dimensions: {} } },
        ...{ visible: true, statistic: "Average", periodSeconds: 300, hasOwnPeriod: false, axis: "left" },
      },
    ]);
    expect(
      series({
        ...{ stat: "Sum", period: 60, region: "eu-west-1" },
        metrics: [
          ["AWS/Lambda", "Errors", "FunctionName", "api"],
          [
            ...["AWS/Lambda", "Duration", "FunctionName", "api"],
            { stat: "p99", period: 300, label: "slow", id: "d", visible: false, yAxis: "right", region: "us-east-1" },
          ],
        ],
      }),
    ).toMatchObject([
      {
        ...{ statistic: "Sum", periodSeconds: 60, region: "eu-west-1" },
        metric: { namespace: "AWS/Lambda", name: "Errors", dimensions: { FunctionName: "api" } },
      },
      {
        ...{ id: "d", label: "slow", statistic: "p99", periodSeconds: 300, hasOwnPeriod: true, visible: false },
        ...{ axis: "right", region: "us-east-1" },
      },
    ]);
  });

  test.each([
    ["a place of the one before", [".", "Throttles", ".", "."], { name: "Throttles", api: "api" }],
    ["another value", [".", ".", ".", "web"], { name: "Errors", api: "web" }],
    ["all of the rest but the last", ["...", "web"], { name: "Errors", api: "web" }],
    ["the middle", ["AWS/Lambda", "...", "web"], { name: "Errors", api: "web" }],
    ["all", ["..."], { name: "Errors", api: "api" }],
    ["all, with options", ["...", { stat: "p50" }], { name: "Errors", api: "api" }],
  ])("repeat %s", (_what, line, { name, api }) => {
    const first = ["AWS/Lambda", "Errors", "FunctionName", "api"];
    expect(series({ metrics: [first, line] })).toMatchObject([
      {},
      { metric: { namespace: "AWS/Lambda", name, dimensions: { FunctionName: api } } },
    ]);
  });

  test("repeat the metric before an expression, and each other in chains", () => {
    expect(
      series({
        metrics: [
          ["AWS/Lambda", "Errors", "FunctionName", "api", { id: "m1" }],
          [{ expression: "m1 * 2", id: "e1", label: "twice" }],
          [".", "Invocations", ".", "."],
          ["...", "web"],
        ],
      }),
    ).toMatchObject([
      { id: "m1" },
      { id: "e1", label: "twice", expression: "m1 * 2" },
      { metric: { name: "Invocations", dimensions: { FunctionName: "api" } } },
      { metric: { name: "Invocations", dimensions: { FunctionName: "web" } } },
    ]);
  });

  test.each([
    ["repeats nothing", [["...", "api"]]],
    [
      "repeats beyond the end",
      [
        ["AWS/Lambda", "Errors"],
        [".", ".", "."],
      ],
    ],
    ["lacks a value", [["AWS/Lambda", "Errors", "FunctionName"]]],
    ["is no list", ["AWS/Lambda"]],
  ])("a line that %s is named, and does not stop the others", (_what, metrics) => {
    expect(none(metrics)).toMatchObject({ type: "other", what: expect.stringContaining("a metric widget") });
  });
});

test("limits are annotations that are visible, and both ends of a band", () => {
  const found = widget("metric", {
    ...{ title: "Latency", view: "singleValue", metrics: [] },
    annotations: {
      horizontal: [
        { label: "slow", value: 5000 },
        { value: 1, visible: false },
        [
          { label: "from", value: 10 },
          { value: 20, yAxis: "right" },
        ],
      ],
    },
    yAxis: { left: { min: 0, max: 100, label: "ms" } },
  });
  expect(found).toMatchObject({
    ...{ title: "Latency", view: "singleValue" },
    annotations: [
      { label: "slow", value: 5000, axis: "left" },
      { label: "from", value: 10 },
      { value: 20, axis: "right" },
    ],
    leftAxis: { min: 0, max: 100, label: "ms" },
  });
});

test("a metric widget may show an alarm instead", () => {
  const alarm = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors";
  expect(widget("metric", { annotations: { alarms: [alarm] } })).toMatchObject({ alarmArn: alarm, series: [] });
});

describe("other widgets", () => {
  test("a log widget has its groups and the query behind them", () => {
    const query = "SOURCE '/aws/lambda/api' | SOURCE \"other\" | source plain | fields @message | limit 5";
    expect(widget("log", { title: "Errors", query, view: "bar", region: "us-east-1" })).toMatchObject({
      ...{ type: "log", title: "Errors", groups: ["/aws/lambda/api", "other", "plain"] },
      ...{ query: "fields @message | limit 5", view: "bar", region: "us-east-1" },
    });
  });

  test.each(["fields @message", "SOURCE 'a'", "SOURCE logGroups(namePrefix: ['a']) | fields @message"])(
    "a log widget with the query %s cannot be asked, and says so",
    (query) => {
      expect(widget("log", { query })).toMatchObject({ type: "other", what: expect.stringContaining("SOURCE") });
    },
  );

  test("alarm and text widgets, and what there is no way to show", () => {
    expect(widget("alarm", { title: "Alarms", alarms: ["arn:a", "arn:b"], states: ["ALARM"] })).toMatchObject({
      ...{ type: "alarm", title: "Alarms", alarmArns: ["arn:a", "arn:b"], states: ["ALARM"] },
    });
    expect(widget("text", { markdown: "# Hello" })).toMatchObject({ type: "text", markdown: "# Hello" });
    expect(widget("explorer", { title: "All" })).toMatchObject({
      ...{ type: "other", title: "All", what: "a widget of type explorer, which is not shown here" },
    });
  });
});

describe("places", () => {
  const places = (widgets: readonly object[]) =>
    parse({ widgets: widgets.map((each) => ({ type: "text", properties: {}, ...each })) }).widgets.map(
      ({ x, y, width, height }) => [x, y, width, height],
    );

  test("are those that are given", () => {
    expect(places([{ x: 12, y: 3, width: 12, height: 4 }])).toEqual([[12, 3, 12, 4]]);
  });

  test("follow each other where none are", () => {
    expect(places([{ width: 12 }, { width: 6 }, { width: 12, height: 2 }, {}])).toEqual([
      [0, 0, 12, 6],
      [12, 0, 6, 6],
      [0, 6, 12, 2],
      [12, 6, 6, 6],
    ]);
  });
});

test.each([
  ["-PT3H", 3 * 3_600_000],
  ["-PT90M", 90 * 60_000],
  ["-P1D", 86_400_000],
  ["-P1W", 7 * 86_400_000],
  ["-P1DT12H", 36 * 3_600_000],
  ["-PT0H", undefined],
  ["2026-11-28T00:00:00Z", undefined],
  [undefined, undefined],
])("start %s looks back %s ms", (start, milliseconds) => {
  expect(parse({ start, widgets: [] }).lookBackMs).toBe(milliseconds);
});

test.each([
  ["no JSON", "{", /^The dashboard shop cannot be read\./],
  ["no widgets", "{}", /its body has no array `widgets`/],
  ["a list", "[]", /its body has no array `widgets`/],
])("%s is no dashboard", (_what, body, message) => {
  expect(() => parseDashboardBody("shop", body)).toThrow(message);
});
