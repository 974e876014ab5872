import { CloudWatchClient, GetMetricStatisticsCommand, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deployItemsApi } from "./items-api/deploy-items-api.ts";
import { expectContractKept } from "./items-api/expect-contract-kept.ts";
import { eventually } from "./support/eventually.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";

// The function's real bundle behind local AWS's real gateway; items-api.soak.test.ts asks more.
const COUNT = 300;

let localAws: LocalAwsProcess;
let url: string;
let cloudwatch: CloudWatchClient;
/** Requests that the function itself has answered: the gateway does not hand all of them on. */
const operations = [
  "createItem",
  "listItems",
  "getItem",
  "replaceItem",
  "patchItem",
  "deleteItem",
  "getHealth",
  "getDeepHealth",
];

beforeAll(async () => {
  localAws = await LocalAwsProcess.start();
  url = await deployItemsApi(localAws);
  cloudwatch = new CloudWatchClient(localAws.client);
});

afterAll(async () => {
  cloudwatch?.destroy();
  await localAws?.stop();
});

test(`every answer to ${COUNT} requests that the contract allows keeps it, through the gateway`, async () => {
  const statuses = await expectContractKept(url, "allowed", COUNT);
  for (const status of [200, 201, 204, 400, 404]) expect(statuses[status], `${status}`).toBeGreaterThan(0);
});

test(`every answer to ${COUNT} malformed requests keeps the contract, through the gateway`, async () => {
  const statuses = await expectContractKept(url, "malformed", COUNT);
  for (const status of [400, 404, 405]) expect(statuses[status], `${status}`).toBeGreaterThan(0);
});

test.each([
  ["DELETE", "/items", "POST, GET, OPTIONS"],
  ["HEAD", "/items", "POST, GET, OPTIONS"],
  ["POST", "/items/42", "GET, PUT, PATCH, DELETE, OPTIONS"],
  ["POST", "/health", "GET, OPTIONS"],
  ["PATCH", "/health/deep", "GET, OPTIONS"],
])(
  "%s %s is 405 of the function, through the gateway, with the methods that the path has",
  async (method, path, allow) => {
    const answer = await fetch(`${url}${path}`, { method });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, allow]);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    const text = await answer.text();
    if (method !== "HEAD") {
      expect(JSON.parse(text)).toMatchObject({ type: "urn:items-api:problem:method-not-allowed", status: 405 });
    }
  },
);

test("a path that is not there is 404 of the gateway", async () => {
  const answer = await fetch(`${url}/items/42/parts`);
  expect([answer.status, await answer.json()]).toMatchObject([404, { type: "urn:items-api:problem:not-found" }]);
});

async function sumOf(MetricName: string, dimensions: Record<string, string>): Promise<number> {
  const { Datapoints = [] } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: "ItemsApi",
      MetricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(Date.now() + 60_000),
      Period: 3_600,
      Statistics: ["Sum"],
    }),
  );
  return Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
}

test("what was answered is counted in CloudWatch by service, by operation and by version", async () => {
  const service = "items-api";
  await eventually(async () => {
    const requests = await sumOf("requests", { service });
    expect(requests).toBeGreaterThan(COUNT);
    const { Metrics = [] } = await cloudwatch.send(
      new ListMetricsCommand({ Namespace: "ItemsApi", MetricName: "requests" }),
    );
    const sets = Metrics.map(({ Dimensions = [] }) => Dimensions.map(({ Name = "" }) => Name).sort());
    expect(new Set(sets.map((names) => names.join(", ")))).toEqual(
      new Set(["service", "operation, service", "functionVersion, service"]),
    );
    const named = Metrics.flatMap(({ Dimensions = [] }) => Dimensions.filter(({ Name }) => Name === "operation"));
    const counts = await Promise.all(named.map(({ Value = "" }) => sumOf("requests", { service, operation: Value })));
    expect(named.map(({ Value }) => Value)).toEqual(expect.arrayContaining(operations));
    expect(counts.reduce((total, count) => total + count, 0)).toBe(requests);
    expect(await sumOf("requests", { service, functionVersion: "$LATEST" })).toBe(requests);
  });
  expect(await sumOf("faults", { service })).toBe(0);
  expect(await sumOf("throttles", { service })).toBe(0);
  expect(await sumOf("coldStarts", { service })).toBeGreaterThan(0);
  expect(await sumOf("latency", { service })).toBeGreaterThan(0);
});

test("a table without capacity is 503 with Retry-After, and is counted as a throttle and a fault", async () => {
  await localAws.control("POST", "faults", { kind: "throttle", service: "dynamodb", operation: "GetItem" });
  const answer = await fetch(`${url}/health/deep`);
  await localAws.control("DELETE", "faults");
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "2"]);
  expect(await answer.json()).toMatchObject({ type: "urn:items-api:problem:temporarily-unavailable" });
  const dimensions = { service: "items-api", operation: "getDeepHealth" };
  await eventually(async () => {
    expect([await sumOf("faults", dimensions), await sumOf("throttles", dimensions)]).toEqual([1, 1]);
  });
});
