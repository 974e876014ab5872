import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CloudWatchHarness, cloudWatchHarness } from "./cloudwatch-harness.ts";

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html

let aws: CloudWatchHarness;

beforeAll(async () => {
  aws = await cloudWatchHarness();
});

afterAll(() => aws.dispose());

const put = (body: unknown, DashboardName = "main") =>
  aws.call("PutDashboard", { DashboardName, DashboardBody: typeof body === "string" ? body : JSON.stringify(body) });

const METRIC = ["AWS/Lambda", "Errors", "FunctionName", "f"];
const metricWidget = (properties: object, more: object = {}) => ({
  widgets: [{ type: "metric", properties: { region: "us-east-1", metrics: [METRIC], ...properties }, ...more }],
});

/** The dashboard of the production guide, word for word. */
const GUIDE = `{
  "widgets": [
    {
      "type": "metric",
      "properties": {
        "metrics": [
          ["AWS/Lambda", "Invocations", {"stat": "Sum"}],
          [".", "Errors", {"stat": "Sum"}],
          [".", "Duration", {"stat": "Average"}],
          ["AWS/DynamoDB", "ConsumedWriteCapacityUnits", {"stat": "Sum"}],
          [".", "ConsumedReadCapacityUnits", {"stat": "Sum"}]
        ],
        "period": 300,
        "stat": "Average",
        "region": "us-east-1",
        "title": "Production Metrics"
      }
    }
  ]
}`;

describe("a dashboard is taken", () => {
  test.each<[string, unknown]>([
    ["that is empty", { widgets: [] }],
    ["of the production guide", GUIDE],
    [
      "with an expression",
      metricWidget({ metrics: [[{ expression: "m1 * 2", id: "e1" }], [...METRIC, { id: "m1" }]] }),
    ],
    ["with repeated fields", metricWidget({ metrics: [METRIC, [".", "Throttles", ".", "."], ["...", "g"]] })],
    ["of alarms alone", metricWidget({ metrics: undefined, annotations: { alarms: ["arn:aws:cloudwatch:a"] } })],
    ["with text", { widgets: [{ type: "text", properties: { markdown: "hi", background: "solid" } }] }],
    ["with logs", { widgets: [{ type: "log", properties: { region: "us-east-1", query: "SOURCE 'g' | limit 1" } }] }],
    ["with an alarm widget", { widgets: [{ type: "alarm", properties: { alarms: ["arn:aws:cloudwatch:a"] } }] }],
    [
      "with a search",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a dynamic label is written so
      metricWidget({ metrics: [[{ expression: "SEARCH('{A,B} c', 'Sum', 60)", label: "v ${PROP('Dim.B')}" }]] }),
    ],
    [
      "with a time range and variables",
      { start: "-PT3H", end: "P0D", periodOverride: "auto", variables: [], widgets: [] },
    ],
    ["of a custom function", { widgets: [{ type: "custom", properties: { endpoint: "arn:aws:lambda:a" } }] }],
  ])("%s, without a word", async (_what, body) => {
    expect(await put(body)).toEqual({ DashboardValidationMessages: [] });
  });

  test.each<[string, unknown, string, string]>([
    ["with a property of its own", { widgets: [], theme: "dark" }, "", 'The "theme" property is not expected'],
    [
      "with one of a widget",
      metricWidget({}, { colour: "red" }),
      "/widgets/0",
      'The "colour" property is not expected to be part',
    ],
    ["beyond the edge", metricWidget({}, { x: 20, y: 0, width: 6 }), "/widgets/0", "ends beyond the 24 columns"],
    [
      "with widgets on each other",
      { widgets: [0, 5].map((x) => ({ ...metricWidget({}).widgets[0], x, y: 0, width: 6, height: 6 })) },
      "/widgets/1",
      "The widget overlaps with /widgets/0",
    ],
  ])("%s, with a message", async (_what, body, DataPath, message) => {
    expect(await put(body)).toEqual({
      DashboardValidationMessages: [{ DataPath, Message: expect.stringContaining(message) }],
    });
  });
});

describe("a dashboard is refused", () => {
  test.each<[string, unknown, string[]]>([
    ["without widgets", {}, [" Should have required property 'widgets'"]],
    ["that is a list", [], [" Should be object"]],
    ["whose widgets are none", { widgets: {} }, ["/widgets Should be array"]],
    ["with a widget that is none", { widgets: ["metric"] }, ["/widgets/0 Should be object"]],
    [
      "with an unknown type",
      { widgets: [{ type: "graph", properties: {} }] },
      ["/widgets/0/type Should be equal to one of the allowed values: metric, text, log, alarm, explorer, custom"],
    ],
    [
      "with a type that is a list",
      { widgets: [{ type: ["metric"], properties: {} }] },
      ["/widgets/0/type Should be equal to one of the allowed values: metric, text, log, alarm, explorer, custom"],
    ],
    [
      "with a type that is none, though every object has it",
      { widgets: [{ type: "constructor", properties: {} }] },
      ["/widgets/0/type Should be equal to one of the allowed values: metric, text, log, alarm, explorer, custom"],
    ],
    [
      "with a widget that has nothing",
      { widgets: [{}] },
      ["/widgets/0 Should have required property 'type'", "/widgets/0 Should have required property 'properties'"],
    ],
    [
      "without a region",
      metricWidget({ region: undefined }),
      [
        "/widgets/0/properties Should have required property 'region'",
        "/widgets/0/properties The metric widget should have specified a region and a data source or an alarm annotation",
      ],
    ],
    [
      "without metrics",
      metricWidget({ metrics: undefined }),
      [
        "/widgets/0/properties Should have required property 'metrics'",
        "/widgets/0/properties The metric widget should have specified a region and a data source or an alarm annotation",
        "/widgets/0/properties Should have required property 'annotations'",
      ],
    ],
    ["that is too wide", metricWidget({}, { width: 25 }), ["/widgets/0/width Should be <= 24"]],
    [
      "that is nowhere",
      metricWidget({}, { x: -1, y: 1.5 }),
      ["/widgets/0/x Should be >= 0", "/widgets/0/y Should be integer"],
    ],
    [
      "with metrics that are not in lists",
      metricWidget({ metrics: METRIC.slice(0, 1) }),
      [
        "/widgets/0/properties/metrics/0 Should be array",
        '/widgets/0/properties/metrics/0 Field "metrics" has to be an array of array of strings, with an optional metricRenderer object as last element',
      ],
    ],
    [
      "with dimensions as an object",
      metricWidget({ metrics: [["AWS/Lambda", "Errors", { FunctionName: "f" }, { stat: "Sum" }]] }),
      ['/widgets/0/properties/metrics/0/2 Invalid metric field type, only "String" type is allowed'],
    ],
    [
      "with dimensions among the rendering",
      metricWidget({ metrics: [["AWS/Lambda", "Errors", { stat: "Sum", dimensions: {} }]] }),
      [
        "/widgets/0/properties/metrics/0 Should NOT have more than 2 items",
        '/widgets/0/properties/metrics/0/2 The property "dimensions" is none of a metric: dimensions are names and values among the metric\'s strings',
      ],
    ],
    [
      "with a colour by its name",
      metricWidget({ metrics: [[...METRIC, { color: "red" }]] }),
      [
        "/widgets/0/properties/metrics/0 Should NOT have more than 4 items",
        '/widgets/0/properties/metrics/0/4 The "color" of a metric is a hexadecimal code such as #ff9900',
      ],
    ],
    [
      "with a repeat marker for nothing",
      metricWidget({
        metrics: [
          ["AWS/Lambda", "Errors"],
          [".", ".", "FunctionName", "."],
        ],
      }),
      ['/widgets/0/properties/metrics/1/3 Repeat marker "." used but not enough fields in previous metric'],
    ],
    [
      "with a dimension without a value",
      metricWidget({ metrics: [["AWS/Lambda", "Errors", "FunctionName"]] }),
      [
        "/widgets/0/properties/metrics/0 A metric has a namespace, a name, and dimensions by name and value, got 3 fields",
      ],
    ],
    [
      "with a period of its own",
      metricWidget({ period: 45 }),
      ["/widgets/0/properties/period Should be 1, 5, 10, 20, 30 or a multiple of 60"],
    ],
    [
      "with a view of its own",
      metricWidget({ view: "radar" }),
      [
        "/widgets/0/properties/view Should be equal to one of the allowed values: timeSeries, singleValue, gauge, bar, pie, table",
      ],
    ],
    [
      "with text that says nothing",
      { widgets: [{ type: "text", properties: {} }] },
      ["/widgets/0/properties Should have required property 'markdown'"],
    ],
    [
      "with logs of nothing",
      { widgets: [{ type: "log", properties: { region: "a" } }] },
      ["/widgets/0/properties Should have required property 'query'"],
    ],
    [
      "with an alarm that is none",
      { widgets: [{ type: "alarm", properties: { alarms: [1] } }] },
      ["/widgets/0/properties/alarms/0 Should be string"],
    ],
    ["that ends before it starts", { widgets: [], end: "P0D" }, [" Should have required property 'start'"]],
    [
      "with a period override of its own",
      { widgets: [], periodOverride: "maybe" },
      ["/periodOverride Should be equal to one of the allowed values: auto, inherit"],
    ],
    [
      "with too many widgets",
      { widgets: Array(501).fill(metricWidget({}).widgets[0]) },
      ["/widgets Should NOT have more than 500 items"],
    ],
  ])("%s", async (_what, body, problems) => {
    const error = await put(body, "refused").then(
      () => undefined,
      (thrown: { code: string; message: string; options: { fields: { dashboardValidationMessages: object[] } } }) =>
        thrown,
    );
    expect(error?.code).toBe("DashboardInvalidInputError");
    const [sentence = "", ...list] = (error?.message ?? "").split("\n");
    expect(sentence).toBe(`The dashboard body is invalid, there are ${problems.length} validation errors:`);
    const named = JSON.parse(list.join("\n")) as { dataPath: string; message: string }[];
    expect(named.map(({ dataPath, message }) => `${dataPath} ${message}`)).toEqual(problems);
    expect(error?.options.fields.dashboardValidationMessages).toHaveLength(problems.length);
    await expect(aws.call("GetDashboard", { DashboardName: "refused" })).rejects.toThrow("does not exist");
  });

  test.each([
    ["{", "valid JSON object"],
    [undefined, "DashboardBody"],
  ])("whose body is %s", async (DashboardBody, message) => {
    await expect(aws.call("PutDashboard", { DashboardName: "x", DashboardBody })).rejects.toThrow(message);
  });

  test("under a name with other characters", async () => {
    await expect(put({ widgets: [] }, "a b")).rejects.toThrow(
      "can only contain alphanumerics, dash (-) and underscore (_)",
    );
  });
});

test("dashboards are got as they were put, listed by prefix, and deleted", async () => {
  await put(GUIDE, "api-gateway-lambda-prod");
  expect(await aws.call("GetDashboard", { DashboardName: "api-gateway-lambda-prod" })).toEqual({
    DashboardArn: "arn:aws:cloudwatch::000000000000:dashboard/api-gateway-lambda-prod",
    DashboardBody: GUIDE,
    DashboardName: "api-gateway-lambda-prod",
  });
  const { DashboardEntries } = await aws.call("ListDashboards", { DashboardNamePrefix: "api-" });
  expect(DashboardEntries).toEqual([
    expect.objectContaining({ DashboardName: "api-gateway-lambda-prod", Size: GUIDE.length }),
  ]);
  await expect(aws.call("DeleteDashboards", { DashboardNames: ["api-gateway-lambda-prod", "gone"] })).rejects.toThrow(
    "Dashboard gone does not exist",
  );
  await aws.call("DeleteDashboards", { DashboardNames: ["api-gateway-lambda-prod"] });
  await expect(aws.call("GetDashboard", { DashboardName: "api-gateway-lambda-prod" })).rejects.toMatchObject({
    code: "DashboardNotFoundError",
  });
});
