import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { gzipSync } from "node:zlib";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { AwsQueryProtocol } from "@aws-sdk/core/protocols";
import { cbor } from "@smithy/core/cbor";
import { SignatureV4 } from "@smithy/signature-v4";
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
    queryVersion: "2010-08-01",
    targetPrefixes: ["GraniteServiceVersion20100801"],
    rpcServiceNames: ["GraniteServiceVersion20100801"],
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

test.each([
  ["JSON", undefined],
  ["Query, where the operation is in the body", AwsQueryProtocol],
])("takes what an SDK compressed, a PutMetricData of more than 10 KB, as %s", async (_, protocol) => {
  const client = new CloudWatchClient({
    ...served.client,
    maxAttempts: 1,
    ...(protocol === undefined ? {} : { protocol: protocol as never }),
  });
  const names = Array.from({ length: 1000 }, (_name, index) => `metric-${index}`);
  const MetricData = names.map((MetricName) => ({ MetricName, Value: 1 }));

  await client.send(new PutMetricDataCommand({ Namespace: "App", MetricData }));

  expect(encodings.splice(0)).toEqual(["gzip"]);
  expect(metrics.splice(0)).toEqual(names);
  client.destroy();
});

// Written by hand: this version of the SDK for JavaScript compresses CBOR, but sends the length that it had before. botocore does it.
test("takes a compressed request in CBOR", async () => {
  const { hostname, port, host } = new URL(served.url);
  const path = "/service/GraniteServiceVersion20100801/operation/PutMetricData";
  const body = gzipSync(cbor.serialize({ Namespace: "App", MetricData: [{ MetricName: "m", Value: 1 }] }));
  const signer = new SignatureV4({
    ...{ service: "monitoring", region: core.region, credentials: served.client.credentials },
    sha256: class {
      readonly #hash: Hash | Hmac;
      constructor(secret?: string | Uint8Array) {
        this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret);
      }
      update(data: Uint8Array) {
        this.#hash.update(data);
      }
      digest = async () => new Uint8Array(this.#hash.digest());
    } as never,
  });
  const { headers } = await signer.sign({
    ...{ method: "POST", protocol: "http:", hostname, port: Number(port), path, query: {}, body },
    headers: { host, "smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor", "content-encoding": "gzip" },
  });

  const response = await fetch(`${served.url}${path}`, { method: "POST", headers, body });

  expect(response.status).toBe(200);
  expect([metrics.splice(0), encodings.splice(0)]).toEqual([["m"], ["gzip"]]);
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
])("refuses as gzip: %s", (_what, body) => {
  expect(() => request(body, "gzip")).toThrow(expect.objectContaining({ code: "SerializationException" }));
});

test("does not touch other encodings", () => {
  const body = Buffer.from("{}");
  expect(request(body, "amz-1.0").body).toBe(body);
});
