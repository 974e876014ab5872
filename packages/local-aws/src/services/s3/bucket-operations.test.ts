import { Agent } from "node:http";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  PutBucketEncryptionCommand,
  PutBucketLoggingCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type S3TestEndpoint, s3TestEndpoint } from "./s3-test-endpoint.ts";

let endpoint: S3TestEndpoint;
let s3: S3Client;

beforeAll(async () => {
  endpoint = await s3TestEndpoint();
  s3 = endpoint.s3;
});
afterAll(() => endpoint.close());

describe("buckets", () => {
  test("are made, found, listed and deleted", async () => {
    const made = await s3.send(new CreateBucketCommand({ Bucket: "life-one" }));
    expect(made.Location).toBe("/life-one");
    await s3.send(new CreateBucketCommand({ Bucket: "life-two" }));
    expect((await s3.send(new HeadBucketCommand({ Bucket: "life-one" }))).BucketRegion).toBe("us-east-1");
    expect((await s3.send(new GetBucketLocationCommand({ Bucket: "life-one" }))).LocationConstraint).toBeUndefined();
    const first = await s3.send(new ListBucketsCommand({ Prefix: "life-", MaxBuckets: 1 }));
    const second = await s3.send(
      new ListBucketsCommand({ Prefix: "life-", MaxBuckets: 1, ContinuationToken: first.ContinuationToken }),
    );
    expect([...(first.Buckets ?? []), ...(second.Buckets ?? [])].map(({ Name }) => Name)).toEqual([
      "life-one",
      "life-two",
    ]);
    expect(second.ContinuationToken).toBeUndefined();
    await s3.send(new DeleteBucketCommand({ Bucket: "life-one" }));
    await expect(s3.send(new DeleteBucketCommand({ Bucket: "life-one" }))).rejects.toMatchObject({
      name: "NoSuchBucket",
    });
    expect(endpoint.ports.service.inventory?.()).toContain("AWS::S3::Bucket life-two");
  });

  test("are kept while they hold anything, be it a delete marker", async () => {
    const Bucket = "not-empty";
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({ name: "BucketNotEmpty" });
    const { DeleteMarkers } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId: DeleteMarkers?.[0]?.VersionId }));
    await s3.send(new DeleteBucketCommand({ Bucket }));
  });

  test.each(["Upper", "ab", "a..b", "192.168.1.1", "xn--a", "-abc", "abc-s3alias"])("%s is no name", async (Bucket) => {
    await expect(s3.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({ name: "InvalidBucketName" });
  });

  test("of another Region are refused by name", async () => {
    const make = (LocationConstraint: string) =>
      s3.send(
        new CreateBucketCommand({
          Bucket: "elsewhere",
          CreateBucketConfiguration: { LocationConstraint: LocationConstraint as "eu-west-1" },
        }),
      );
    await expect(make("eu-west-1")).rejects.toMatchObject({
      name: "NotImplemented",
      message: expect.stringContaining("eu-west-1"),
    });
    await expect(make("us-east-1")).rejects.toMatchObject({ name: "InvalidLocationConstraint" });
  });

  test("are reached by virtual host, too", async () => {
    const virtual = new S3Client({
      ...endpoint.served.client,
      endpoint: endpoint.served.url.replace("127.0.0.1", "s3.localhost"),
      // Not every resolver knows that all of .localhost is this machine (RFC 6761, section 6.3).
      requestHandler: {
        httpAgent: new Agent({
          lookup: (_host, _options, done) => done(null, [{ address: "127.0.0.1", family: 4 }]),
        }),
      },
    });
    await virtual.send(new CreateBucketCommand({ Bucket: "by-host" }));
    await virtual.send(new PutObjectCommand({ Bucket: "by-host", Key: "a/b", Body: "x" }));
    const { body } = await endpoint.ports.objects.readObject("by-host", "a/b");
    expect(Buffer.from(body).toString()).toBe("x");
    virtual.destroy();
  });

  test("an expected owner has to be the owner", async () => {
    await s3.send(new CreateBucketCommand({ Bucket: "owned" }));
    await expect(
      s3.send(new GetBucketLocationCommand({ Bucket: "owned", ExpectedBucketOwner: "111111111111" })),
    ).rejects.toMatchObject({ name: "AccessDenied" });
  });
});

describe("settings", () => {
  const Bucket = "settings";
  beforeAll(() => s3.send(new CreateBucketCommand({ Bucket })));

  test("a new bucket is encrypted with S3's keys, and says so of its objects", async () => {
    const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(ServerSideEncryptionConfiguration?.Rules).toEqual([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false },
    ]);
  });

  test("a KMS default is written on every object", async () => {
    const KMSMasterKeyID = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000000";
    await s3.send(
      new PutBucketEncryptionCommand({
        Bucket,
        ServerSideEncryptionConfiguration: {
          Rules: [
            {
              ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID },
              BucketKeyEnabled: true,
            },
          ],
        },
      }),
    );
    const put = await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
    expect(put).toMatchObject({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: KMSMasterKeyID, BucketKeyEnabled: true });
    const own = await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", ServerSideEncryption: "AES256" }));
    expect(own).toMatchObject({ ServerSideEncryption: "AES256" });
    expect(own.SSEKMSKeyId).toBeUndefined();
  });

  test("tags come back, and are offered to the tagging service", async () => {
    await expect(s3.send(new GetBucketTaggingCommand({ Bucket }))).rejects.toMatchObject({ name: "NoSuchTagSet" });
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: "env", Value: "prod" }] } }));
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual([{ Key: "env", Value: "prod" }]);
    expect(endpoint.ports.tags.taggedResources()).toContainEqual({
      arn: "arn:aws:s3:::settings",
      type: "s3",
      tags: { env: "prod" },
    });
  });

  test("what is not configured is not found by its own code", async () => {
    await expect(s3.send(new GetObjectLockConfigurationCommand({ Bucket }))).rejects.toMatchObject({
      name: "ObjectLockConfigurationNotFoundError",
    });
  });

  test("logging needs a bucket to log to", async () => {
    const log = (TargetBucket: string) =>
      s3.send(
        new PutBucketLoggingCommand({
          Bucket,
          BucketLoggingStatus: { LoggingEnabled: { TargetBucket, TargetPrefix: "logs/" } },
        }),
      );
    await expect(log("nowhere-at-all")).rejects.toMatchObject({ name: "InvalidTargetBucketForLogging" });
    await log(Bucket);
  });

  test("notifications that nobody would deliver are refused", async () => {
    await expect(
      s3.send(
        new PutBucketNotificationConfigurationCommand({
          Bucket,
          NotificationConfiguration: { EventBridgeConfiguration: {} },
        }),
      ),
    ).rejects.toMatchObject({ name: "NotImplemented" });
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: {} }));
  });
});
