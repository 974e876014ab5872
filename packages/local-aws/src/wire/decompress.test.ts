import { gzipSync } from "node:zlib";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { defineService } from "../core/service.ts";
import { type ServedServices, serveServices } from "../test/serve-services.ts";
import { type TestCore, testCore } from "../test/test-core.ts";
import { decompress } from "./decompress.ts";

let core: TestCore;
let served: ServedServices;
/** What arrived: names of metrics, and bodies of objects. */
const metrics: (string | undefined)[] = [];
const objects: Uint8Array[] = [];
/** The encodings that requests came in. */
const encodings: (string | undefined)[] = [];

beforeAll(async () => {
  core = testCore();
  const cloudwatch = defineService<typeof import("@aws-sdk/client-cloudwatch")>({
    id: "monitoring",
    signingNames: ["monitoring"],
    load: () => import("@aws-sdk/client-cloudwatch"),
    client: "CloudWatchClient",
    targetPrefixes: ["GraniteServiceVersion20100801"],
    operations: {
      PutMetricData({ MetricData = [] }, { http }) {
        metrics.push(...MetricData.map(({ MetricName }) => MetricName));
        encodings.push(http.headers["content-encoding"]);
        return {};
      },
    },
  });
  const s3 = defineService<typeof import("@aws-sdk/client-s3")>({
    id: "s3",
    signingNames: ["s3"],
    load: () => import("@aws-sdk/client-s3"),
    client: "S3Client",
    rest: "restXml",
    prepare: ({ path }) => ({ path: `/${path.split("/").slice(2).join("/")}`, presetInput: { Bucket: "b" } }),
    operations: {
      PutObject({ Body }) {
        objects.push((Body as unknown as Uint8Array | undefined) ?? new Uint8Array());
        return {};
      },
    },
  });
  served = await serveServices(core, [cloudwatch, s3]);
});

afterAll(async () => {
  await served.close();
  core.dispose();
});

test("takes what an SDK compressed: a PutMetricData of more than 10 KB", async () => {
  const client = new CloudWatchClient({ ...served.client, maxAttempts: 1 });
  const names = Array.from({ length: 1000 }, (_, index) => `metric-${index}`);
  const MetricData = names.map((MetricName) => ({ MetricName, Value: 1 }));

  await client.send(new PutMetricDataCommand({ Namespace: "App", MetricData }));

  expect(encodings).toEqual(["gzip"]);
  expect(metrics).toEqual(names);
  client.destroy();
});

test("leaves an object alone that is stored compressed", async () => {
  const client = new S3Client({ ...served.client, forcePathStyle: true, maxAttempts: 1 });
  const Body = gzipSync("stored as it is");

  await client.send(new PutObjectCommand({ Bucket: "b", Key: "k", Body, ContentEncoding: "gzip" }));

  expect(Buffer.from(objects[0] ?? [])).toEqual(Body);
  client.destroy();
});

const request = (body: Uint8Array, encoding: string) =>
  decompress({
    ...{ method: "POST", path: "/", query: new URLSearchParams(), rawQuery: "", rawHeaders: [], remoteAddress: "" },
    headers: { "content-encoding": encoding },
    body,
  });

test.each([
  ["text", Buffer.from("Action=PutMetricData")],
  ["the beginning of gzip", gzipSync("Action=PutMetricData").subarray(0, 12)],
  ["70 MB of zeros", gzipSync(Buffer.alloc(70 * 1024 * 1024))],
])("refuses as gzip: %s", async (_what, body) => {
  await expect(request(body, "gzip")).rejects.toMatchObject({ code: "SerializationException" });
});

test("does not touch other encodings", async () => {
  const body = Buffer.from("{}");
  expect((await request(body, "amz-1.0")).body).toBe(body);
});
