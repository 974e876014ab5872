import { createServer } from "node:http";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { MetricQuestion } from "@slipway/release-engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { powerlessCredentials } from "../test/powerless-credentials.ts";
import { AwsMetricsReader } from "./aws-metrics-reader.ts";

const MINUTE_MS = 60_000;

let aws: LocalAwsFixture;
let reader: AwsMetricsReader;
/** A full minute, half an hour ago. */
let start: number;

beforeAll(async () => {
  aws = await localAwsFixture();
  reader = new AwsMetricsReader(aws.client);
  start = (Math.floor(Date.now() / MINUTE_MS) - 30) * MINUTE_MS;
  const cloudwatch = new CloudWatchClient(aws.client);
  const at = (minute: number) => new Date(start + minute * MINUTE_MS);
  const shop = (value: string) => [{ Name: "Shop", Value: value }];
  await cloudwatch.send(
    new PutMetricDataCommand({
      Namespace: "Shop",
      MetricData: [
        ...[3, 1, 4].map((Value, minute) => ({
          ...{ MetricName: "orders", Dimensions: shop("north"), Value, Unit: "Count" as const },
          Timestamp: at(minute),
        })),
        { MetricName: "orders", Dimensions: shop("south"), Value: 7, Timestamp: at(2) },
        ...[1, 0, 0].flatMap((Value, minute) => [
          { MetricName: "errors", Dimensions: shop("north"), Value, Timestamp: at(minute) },
          { MetricName: "zero", Dimensions: shop("north"), Value: 0, Timestamp: at(minute) },
        ]),
      ],
    }),
  );
  cloudwatch.destroy();
});

afterAll(async () => {
  reader?.close();
  await aws?.close();
});

const metric = (id: string, name: string, shop: string, more: object = {}): MetricQuestion => ({
  ...{ id, metric: { namespace: "Shop", name, dimensions: { Shop: shop } }, statistic: "Sum" },
  ...more,
});

const read = (questions: readonly MetricQuestion[], minutes = 3) =>
  reader.read(questions, { from: start, to: start + minutes * MINUTE_MS }, 60);

const points = (...values: readonly (number | undefined)[]) =>
  values.flatMap((value, minute) => (value === undefined ? [] : [{ at: start + minute * MINUTE_MS, value }]));

describe("AwsMetricsReader.read", () => {
  test("gives values oldest first, none for periods without data, and nothing of what is hidden", async () => {
    const series = await read([
      metric("north", "orders", "north", { label: "north" }),
      metric("south", "orders", "south"),
      metric("hidden", "orders", "south", { visible: false }),
      metric("nowhere", "orders", "nowhere"),
      metric("mean", "orders", "north", { statistic: "Average", periodSeconds: 180 }),
    ]);

    expect(series.map(({ id }) => id)).toEqual(["north", "south", "nowhere", "mean"]);
    expect(series[0]).toEqual({ id: "north", label: "north", points: points(3, 1, 4) });
    expect(series[1]?.points).toEqual(points(undefined, undefined, 7));
    expect(series[2]?.points).toEqual([]);
    expect(series[3]?.points.reduce((sum, { value }) => sum + value, 0)).toBeGreaterThan(0);
  });

  test("widens the window to whole periods", async () => {
    const question = [metric("north", "orders", "north")];
    const [series] = await reader.read(question, { from: start + 30_000, to: start + 90_000 }, 60);
    expect(series?.points).toEqual(points(3, 1));
  });

  test("evaluates metric math; what is no number is left out", async () => {
    const series = await read([
      { id: "rate", expression: "100 * errors / orders", label: "errors in %" },
      metric("orders", "orders", "north", { visible: false }),
      metric("errors", "errors", "north", { visible: false }),
      { id: "none", expression: "errors / zero" },
      metric("zero", "zero", "north", { visible: false }),
    ]);

    expect(series).toEqual([
      { id: "rate", label: "errors in %", points: points(100 / 3, 0, 0) },
      { id: "none", label: "none", points: [] },
    ]);
  });

  test("has a series for each metric that a search finds, with its label", async () => {
    const expression = "SEARCH('{Shop,Shop} MetricName=\"orders\"', 'Sum', 60)";
    const series = await read([{ id: "found", expression }]);
    const values = series.map(({ id, label, points: each }) => [id, label, each.map(({ value }) => value)]);

    expect(values).toHaveLength(2);
    expect(values).toContainEqual(["found", expect.stringContaining("north"), [3, 1, 4]]);
    expect(values).toContainEqual(["found", expect.stringContaining("south"), [7]]);
    expect(await read([{ id: "none", expression: expression.replace("orders", "nothing") }])).toEqual([]);
  });

  test("reads pages until there is no more", async () => {
    const small = new AwsMetricsReader({ ...aws.client, pointsPerPage: 2 });
    const series = await small.read(
      [metric("north", "orders", "north"), metric("south", "orders", "south")],
      { from: start, to: start + 3 * MINUTE_MS },
      60,
    );
    small.close();

    expect(series.map(({ points: each }) => each)).toEqual([points(3, 1, 4), points(undefined, undefined, 7)]);
  });

  test("asks for more than 500 in several calls", async () => {
    const questions = Array.from({ length: 501 }, (_, index) => metric(`q${index}`, "orders", `${index}`));
    const series = await read([...questions, metric("last", "orders", "north")]);

    expect(series).toHaveLength(502);
    expect(series.at(-1)?.points).toEqual(points(3, 1, 4));
  });

  test("says who may not, and what AWS refuses", async () => {
    const powerless = new AwsMetricsReader({ ...aws.client, credentials: await powerlessCredentials(aws) });
    const window = { from: start, to: start + MINUTE_MS };
    await expect(powerless.read([metric("north", "orders", "north")], window, 60)).rejects.toMatchObject({
      name: "ReleaseError",
      kind: "denied",
      message: expect.stringContaining("cloudwatch:GetMetricData is allowed"),
    });
    await expect(powerless.list("Shop", {})).rejects.toThrow(
      /^cloudwatch:ListMetrics failed for the metrics of Shop\..*cloudwatch:ListMetrics is allowed/s,
    );
    powerless.close();

    await expect(read([{ id: "bad", expression: "1 +" }])).rejects.toMatchObject({
      name: "ReleaseError",
      what: "cloudwatch:GetMetricData failed for 1 +",
    });
  });

  test("stops when it is asked to", async () => {
    const question = [metric("north", "orders", "north")];
    const window = { from: start, to: start + MINUTE_MS };
    await expect(reader.read(question, window, 60, AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
  });
});

/** What CloudWatch would have to answer for this is not to be had from it at will: a client that plays it. */
describe("AwsMetricsReader.read of answers that are not whole", () => {
  const answer = (result: object, more: object = {}) => ({
    ...{ MetricDataResults: [{ Id: "north", Label: "orders", ...result }], ...more },
  });

  test.each([
    ["PartialData at the end", answer({ StatusCode: "PartialData" }), /orders \(north\).*PartialData/s],
    ["an internal error", answer({ StatusCode: "InternalError" }), /InternalError/],
    ["a metric that may not be read", answer({ StatusCode: "Forbidden" }), /Forbidden/],
    [
      "a message on all",
      answer({ StatusCode: "Complete" }, { Messages: [{ Code: "MaxMetricsExceeded", Value: "too many" }] }),
      /MaxMetricsExceeded: too many/,
    ],
    [
      "a message on one",
      answer({ StatusCode: "Complete", Messages: [{ Code: "MaxSeries", Value: "only 500 of 600" }] }),
      /MaxSeries: only 500 of 600/,
    ],
    ["no answer to a question", { MetricDataResults: [] }, /the answer has no north/],
  ])("refuses %s", async (_what, page, message) => {
    await expect(readFrom([page])).rejects.toMatchObject({ name: "ReleaseError", kind: "failed" });
    await expect(readFrom([page])).rejects.toThrow(message);
  });

  test("takes values that are no numbers for none, and a part for the whole when the rest follows", async () => {
    const noNumber = { Code: "ArithmeticError", Value: "One or more data-points have been dropped" };
    const [series] = await readFrom([
      answer({ StatusCode: "PartialData", Timestamps: [0], Values: [1] }, { NextToken: "more" }),
      answer({ StatusCode: "Complete", Timestamps: [60], Values: [2], Messages: [noNumber] }),
    ]);
    expect(series?.points).toEqual([
      { at: 0, value: 1 },
      { at: 60_000, value: 2 },
    ]);
  });

  test("keeps the series of a search apart, also those with one label, over all pages", async () => {
    const found = (Label: string, at: number, value: number) => ({
      ...{ Id: "found", Label, StatusCode: "Complete", Timestamps: [at], Values: [value] },
    });
    const series = await readFrom(
      [
        { MetricDataResults: [found("a", 0, 1), found("b", 0, 2), found("b", 0, 3)], NextToken: "more" },
        { MetricDataResults: [found("a", 1, 4), found("b", 1, 5), found("b", 1, 6)] },
      ],
      [{ id: "found", expression: "SEARCH('{Shop,Shop} orders', 'Sum', 60)" }],
    );
    expect(series.map(({ label, points: each }) => [label, ...each.map(({ value }) => value)])).toEqual([
      ["a", 1, 4],
      ["b", 2, 5],
      ["b", 3, 6],
    ]);
  });
});

async function readFrom(
  pages: readonly object[],
  questions: readonly MetricQuestion[] = [metric("north", "orders", "north")],
) {
  const left = [...pages];
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      response.writeHead(200, { "Content-Type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify(left.shift() ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const other = new AwsMetricsReader({ ...aws.client, endpoint: `http://127.0.0.1:${port}` });
  try {
    return await other.read(questions, { from: 0, to: 60_000 }, 60);
  } finally {
    other.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe("AwsMetricsReader.list", () => {
  test("lists by namespace and dimensions, or all there is", async () => {
    const north = await reader.list("Shop", { Shop: "north" });
    expect(north.map(({ name }) => name).sort()).toEqual(["errors", "orders", "zero"]);
    expect(north[0]).toMatchObject({ namespace: "Shop", dimensions: { Shop: "north" } });
    expect(await reader.list("Nothing", {})).toEqual([]);
    expect(await reader.list(undefined, {})).toHaveLength(4);
  });
});
