import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type S3TestEndpoint, s3TestEndpoint } from "./s3-test-endpoint.ts";

const DAY_MS = 86_400_000;
const Bucket = "locked";
let endpoint: S3TestEndpoint;

beforeAll(async () => {
  endpoint = await s3TestEndpoint();
  await endpoint.s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
});
afterAll(() => endpoint.close());

const put = async (Key: string, more: object = {}) =>
  (await endpoint.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key, ...more }))).VersionId;
const remove = (Key: string, VersionId: string | undefined, more: object = {}) =>
  endpoint.s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId, ...more }));

test("the default retention holds new versions until its time has passed", async () => {
  await endpoint.s3.send(
    new PutObjectLockConfigurationCommand({
      Bucket,
      ObjectLockConfiguration: {
        ObjectLockEnabled: "Enabled",
        Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 2 } },
      },
    }),
  );
  const { ObjectLockConfiguration } = await endpoint.s3.send(new GetObjectLockConfigurationCommand({ Bucket }));
  expect(ObjectLockConfiguration?.Rule?.DefaultRetention).toEqual({ Mode: "COMPLIANCE", Days: 2 });
  const version = await put("default");
  await expect(remove("default", version, { BypassGovernanceRetention: true })).rejects.toMatchObject({
    name: "AccessDenied",
  });
  expect((await remove("default", undefined)).DeleteMarker).toBe(true);
  await endpoint.core.clock.advance(3 * DAY_MS);
  await remove("default", version);
});

test("governance can be bypassed, and only lengthened without", async () => {
  const until = new Date(endpoint.core.clock.now() + 10 * DAY_MS);
  const version = await put("gov", { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: until });
  const retain = (RetainUntilDate: Date) =>
    endpoint.s3.send(
      new PutObjectRetentionCommand({ Bucket, Key: "gov", Retention: { Mode: "GOVERNANCE", RetainUntilDate } }),
    );
  await expect(retain(new Date(until.getTime() - DAY_MS))).rejects.toMatchObject({ name: "AccessDenied" });
  await retain(new Date(until.getTime() + DAY_MS));
  const { Retention } = await endpoint.s3.send(new GetObjectRetentionCommand({ Bucket, Key: "gov" }));
  expect(Retention?.Mode).toBe("GOVERNANCE");
  await expect(remove("gov", version)).rejects.toMatchObject({ name: "AccessDenied" });
  await remove("gov", version, { BypassGovernanceRetention: true });
});

test("a legal hold has no end but its own", async () => {
  const version = await put("held", { ObjectLockLegalHoldStatus: "ON" });
  await endpoint.core.clock.advance(30 * DAY_MS);
  await expect(remove("held", version, { BypassGovernanceRetention: true })).rejects.toMatchObject({
    name: "AccessDenied",
  });
  await endpoint.s3.send(new PutObjectLegalHoldCommand({ Bucket, Key: "held", LegalHold: { Status: "OFF" } }));
  await remove("held", version);
});

test("versioning cannot be suspended, and other buckets take no locks", async () => {
  await expect(
    endpoint.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } })),
  ).rejects.toMatchObject({ name: "InvalidBucketState" });
  await endpoint.s3.send(new CreateBucketCommand({ Bucket: "unlocked" }));
  await expect(
    endpoint.s3.send(
      new PutObjectCommand({ Bucket: "unlocked", Key: "k", Body: "x", ObjectLockLegalHoldStatus: "ON" }),
    ),
  ).rejects.toMatchObject({ name: "InvalidRequest" });
});
