import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type LifecycleRule,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { dueAt } from "./lifecycle-evaluation.ts";
import { type S3TestEndpoint, s3TestEndpoint } from "./s3-test-endpoint.ts";

const DAY_MS = 86_400_000;
const Bucket = "lifecycle";
let endpoint: S3TestEndpoint;

beforeEach(async () => {
  endpoint = await s3TestEndpoint();
  await endpoint.s3.send(new CreateBucketCommand({ Bucket }));
});
afterEach(() => endpoint.close());

const putRules = (...Rules: Partial<LifecycleRule>[]) =>
  endpoint.s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket,
      LifecycleConfiguration: {
        Rules: Rules.map((rule) => ({ Status: "Enabled", Filter: {}, ...rule }) as LifecycleRule),
      },
    }),
  );
const put = (Key: string, Body = Key) => endpoint.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
const enableVersioning = () =>
  endpoint.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));

async function remaining(): Promise<{ versions: string[]; markers: string[] }> {
  const { Versions, DeleteMarkers } = await endpoint.s3.send(new ListObjectVersionsCommand({ Bucket }));
  const keys = (list: { Key?: string | undefined }[] | undefined) => (list ?? []).map(({ Key = "" }) => Key);
  return { versions: keys(Versions), markers: keys(DeleteMarkers) };
}

test("S3 rounds up to the next midnight UTC", () => {
  expect(new Date(dueAt(new Date("2026-01-15T10:30:00Z"), 3)).toISOString()).toBe("2026-01-19T00:00:00.000Z");
  expect(new Date(dueAt(new Date("2026-01-15T00:00:00Z"), 1)).toISOString()).toBe("2026-01-16T00:00:00.000Z");
});

describe("the configuration", () => {
  test("comes back as it was put, with the minimum size for transitions", async () => {
    const answer = await putRules({
      ID: "old-logs",
      Filter: { And: { Prefix: "logs/", Tags: [{ Key: "keep", Value: "no" }] } },
      Expiration: { Days: 90 },
      Transitions: [{ Days: 30, StorageClass: "STANDARD_IA" }],
      NoncurrentVersionExpiration: { NoncurrentDays: 7, NewerNoncurrentVersions: 3 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
    });
    expect(answer.TransitionDefaultMinimumObjectSize).toBe("all_storage_classes_128K");
    const read = await endpoint.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(read.TransitionDefaultMinimumObjectSize).toBe("all_storage_classes_128K");
    expect(read.Rules).toEqual([
      {
        ID: "old-logs",
        Status: "Enabled",
        Filter: { And: { Prefix: "logs/", Tags: [{ Key: "keep", Value: "no" }] } },
        Expiration: { Days: 90 },
        Transitions: [{ Days: 30, StorageClass: "STANDARD_IA" }],
        NoncurrentVersionExpiration: { NoncurrentDays: 7, NewerNoncurrentVersions: 3 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
      },
    ]);
  });

  test.each([
    ["no action", {}, "InvalidRequest"],
    ["zero days", { Expiration: { Days: 0 } }, "InvalidArgument"],
    ["a date off midnight", { Expiration: { Date: new Date("2030-01-01T12:00:00Z") } }, "InvalidArgument"],
    ["infrequent access too early", { Transitions: [{ Days: 1, StorageClass: "STANDARD_IA" }] }, "InvalidArgument"],
    ["prefix and filter", { Prefix: "a", Expiration: { Days: 1 } }, "MalformedXML"],
  ])("with %s is refused", async (_name, rule, code) => {
    await expect(putRules(rule as Partial<LifecycleRule>)).rejects.toMatchObject({ name: code });
  });
});

describe("on the clock", () => {
  test("objects expire by prefix, and say beforehand when", async () => {
    await putRules({ ID: "tmp", Filter: { Prefix: "tmp/" }, Expiration: { Days: 1 } });
    await put("tmp/a");
    await put("keep");
    const head = await endpoint.s3.send(new HeadObjectCommand({ Bucket, Key: "tmp/a" }));
    expect(head.Expiration).toMatch(/^expiry-date="\w{3}, \d\d \w{3} \d{4} 00:00:00 GMT", rule-id="tmp"$/);
    await endpoint.core.clock.advance(2 * DAY_MS);
    expect((await remaining()).versions).toEqual(["keep"]);
  });

  test("in a versioned bucket expiry leaves a marker, and old versions go by age and number", async () => {
    await enableVersioning();
    await putRules({
      Expiration: { Days: 1 },
      NoncurrentVersionExpiration: { NoncurrentDays: 5, NewerNoncurrentVersions: 1 },
    });
    await put("k", "1");
    await put("k", "2");
    await put("k", "3");
    await endpoint.core.clock.advance(2 * DAY_MS);
    expect(await remaining()).toEqual({ versions: ["k", "k", "k"], markers: ["k"] });
    await endpoint.core.clock.advance(6 * DAY_MS);
    expect(await remaining()).toEqual({ versions: ["k"], markers: ["k"] });
  });

  test("a marker with nothing behind it is removed", async () => {
    await enableVersioning();
    await putRules(
      { ID: "current", Expiration: { Days: 1 } },
      { ID: "old", NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
    );
    await put("k");
    await endpoint.core.clock.advance(6 * DAY_MS);
    expect(await remaining()).toEqual({ versions: [], markers: [] });
  });

  test("large objects move to colder classes, from which they cannot be read at once", async () => {
    await putRules({ Transitions: [{ Days: 1, StorageClass: "GLACIER" }] });
    await put("small");
    await put("large", "x".repeat(200 * 1024));
    await endpoint.core.clock.advance(2 * DAY_MS);
    const head = await endpoint.s3.send(new HeadObjectCommand({ Bucket, Key: "large" }));
    expect(head.StorageClass).toBe("GLACIER");
    await expect(endpoint.s3.send(new GetObjectCommand({ Bucket, Key: "large" }))).rejects.toMatchObject({
      name: "InvalidObjectState",
    });
    const small = await endpoint.s3.send(new HeadObjectCommand({ Bucket, Key: "small" }));
    expect(small.StorageClass).toBeUndefined();
  });

  test("forgotten uploads are aborted", async () => {
    await putRules({ ID: "abort", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } });
    const made = await endpoint.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
    expect(made.AbortRuleId).toBe("abort");
    await endpoint.core.clock.advance(2 * DAY_MS);
    const { Uploads } = await endpoint.s3.send(new ListMultipartUploadsCommand({ Bucket }));
    expect(Uploads ?? []).toEqual([]);
  });
});
