import {
  CreateBucketCommand,
  DeleteBucketCorsCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketReplicationCommand,
  DeleteBucketWebsiteCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  PutBucketAccelerateConfigurationCommand,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketRequestPaymentCommand,
  PutBucketVersioningCommand,
  type S3Client,
  type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type S3TestEndpoint, s3TestEndpoint } from "./s3-test-endpoint.ts";

let endpoint: S3TestEndpoint;
let s3: S3Client;
let made = 0;

beforeAll(async () => {
  endpoint = await s3TestEndpoint();
  s3 = endpoint.s3;
});
afterAll(() => endpoint.close());

/** A new bucket. */
async function bucket(options: { lock?: boolean; name?: string } = {}): Promise<string> {
  const Bucket = options.name ?? `settings-${++made}`;
  await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: options.lock ?? false }));
  return Bucket;
}

describe("versioning", () => {
  test("is not there, enabled, or suspended, and nothing else", async () => {
    const Bucket = await bucket();
    const put = (Status: string, MFADelete?: "Enabled") =>
      s3.send(
        new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: Status as "Enabled", MFADelete } }),
      );
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    await put("Enabled");
    await put("Suspended");
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe("Suspended");
    await expect(put("On")).rejects.toMatchObject({ name: "IllegalVersioningConfigurationException" });
    await expect(put("Enabled", "Enabled")).rejects.toThrow("MFA delete");
  });

  test("stays on where an Object Lock needs it", async () => {
    const Bucket = await bucket({ lock: true });
    const suspended = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } });
    await expect(s3.send(suspended)).rejects.toMatchObject({ name: "InvalidBucketState" });
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe("Enabled");
  });
});

describe("encryption", () => {
  const put = (Bucket: string, ...Rules: ServerSideEncryptionRule[]) =>
    s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  const byDefault = (SSEAlgorithm: string, KMSMasterKeyID?: string): ServerSideEncryptionRule => ({
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: SSEAlgorithm as "AES256", KMSMasterKeyID },
  });

  test("goes back to S3's own keys when it is deleted", async () => {
    const Bucket = await bucket();
    await put(Bucket, byDefault("aws:kms", "alias/aws/s3"));
    const rules = async () => {
      const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
      return ServerSideEncryptionConfiguration?.Rules;
    };
    expect(await rules()).toMatchObject([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" }, BucketKeyEnabled: false },
    ]);
    await s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
    expect(await rules()).toMatchObject([{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }]);
  });

  test.each<[string, ServerSideEncryptionRule[], string]>([
    ["two rules", [byDefault("AES256"), byDefault("AES256")], "MalformedXML"],
    ["an algorithm that S3 does not have", [byDefault("rot13")], "MalformedXML"],
    ["a key for an algorithm without one", [byDefault("AES256", "some-key")], "InvalidArgument"],
    [
      "a type that cannot be blocked",
      [{ BlockedEncryptionTypes: { EncryptionType: ["SSE-X" as "SSE-C"] } }],
      "MalformedXML",
    ],
  ])("refuses %s", async (_what, rules, name) => {
    await expect(put(await bucket(), ...rules)).rejects.toMatchObject({ name });
  });
});

describe("ownership", () => {
  test("is set, found, and not found once it is deleted", async () => {
    const Bucket = await bucket();
    const put = (...ownerships: string[]) =>
      s3.send(
        new PutBucketOwnershipControlsCommand({
          Bucket,
          OwnershipControls: { Rules: ownerships.map((one) => ({ ObjectOwnership: one as "ObjectWriter" })) },
        }),
      );
    await put("ObjectWriter");
    const found = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    expect(found.OwnershipControls?.Rules).toEqual([{ ObjectOwnership: "ObjectWriter" }]);
    await expect(put("Nobody")).rejects.toMatchObject({ name: "MalformedXML" });
    await expect(put("ObjectWriter", "ObjectWriter")).rejects.toMatchObject({ name: "MalformedXML" });
    await s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket }));
    await expect(s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))).rejects.toMatchObject({
      name: "OwnershipControlsNotFoundError",
    });
  });

  test("of the bucket's owner alone and grants to others exclude each other", async () => {
    const Bucket = await bucket();
    const own = (ObjectOwnership: "ObjectWriter" | "BucketOwnerEnforced") =>
      s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership }] } }));
    const open = () => s3.send(new PutBucketAclCommand({ Bucket, ACL: "log-delivery-write" as "private" }));
    await expect(open()).rejects.toMatchObject({ name: "AccessControlListNotSupported" });
    await own("ObjectWriter");
    await open();
    const { Grants = [] } = await s3.send(new GetBucketAclCommand({ Bucket }));
    expect(Grants.map(({ Permission }) => Permission).sort()).toEqual(["FULL_CONTROL", "READ_ACP", "WRITE"]);
    await expect(own("BucketOwnerEnforced")).rejects.toMatchObject({ name: "InvalidBucketAclWithObjectOwnership" });
  });
});

describe("CORS", () => {
  test("is kept as it was put, and gone when it is deleted", async () => {
    const Bucket = await bucket();
    const rule = { AllowedMethods: ["GET"], AllowedOrigins: ["https://example.com"], MaxAgeSeconds: 60 };
    await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [rule] } }));
    expect((await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual([rule]);
    await s3.send(new DeleteBucketCorsCommand({ Bucket }));
    await expect(s3.send(new GetBucketCorsCommand({ Bucket }))).rejects.toMatchObject({
      name: "NoSuchCORSConfiguration",
    });
  });

  test.each<[string, object[], string]>([
    ["no rule", [], "MalformedXML"],
    ["more than a hundred", Array(101).fill({ AllowedMethods: ["GET"], AllowedOrigins: ["*"] }), "MalformedXML"],
    ["a rule without an origin", [{ AllowedMethods: ["GET"], AllowedOrigins: [] }], "MalformedXML"],
    ["a method that S3 does not know", [{ AllowedMethods: ["PATCH"], AllowedOrigins: ["*"] }], "InvalidRequest"],
  ])("refuses %s", async (_what, rules, name) => {
    const CORSRules = rules as { AllowedMethods: string[]; AllowedOrigins: string[] }[];
    const put = new PutBucketCorsCommand({ Bucket: await bucket(), CORSConfiguration: { CORSRules } });
    await expect(s3.send(put)).rejects.toMatchObject({ name });
  });
});

test("request payment and acceleration have AWS's defaults, and no values but AWS's", async () => {
  const Bucket = await bucket();
  const pays = (Payer: string) =>
    s3.send(
      new PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration: { Payer: Payer as "Requester" } }),
    );
  expect((await s3.send(new GetBucketRequestPaymentCommand({ Bucket }))).Payer).toBe("BucketOwner");
  await pays("Requester");
  expect((await s3.send(new GetBucketRequestPaymentCommand({ Bucket }))).Payer).toBe("Requester");
  await expect(pays("Nobody")).rejects.toMatchObject({ name: "MalformedXML" });

  const accelerate = (name: string, Status: string) =>
    s3.send(
      new PutBucketAccelerateConfigurationCommand({
        Bucket: name,
        AccelerateConfiguration: { Status: Status as "Enabled" },
      }),
    );
  expect((await s3.send(new GetBucketAccelerateConfigurationCommand({ Bucket }))).Status).toBeUndefined();
  await accelerate(Bucket, "Enabled");
  expect((await s3.send(new GetBucketAccelerateConfigurationCommand({ Bucket }))).Status).toBe("Enabled");
  await expect(accelerate(Bucket, "On")).rejects.toMatchObject({ name: "MalformedXML" });
  await expect(accelerate(await bucket({ name: "with.periods" }), "Enabled")).rejects.toThrow("with periods (.)");
});

test("notifications to nobody are kept; a website and a replication are not there, each by its own code", async () => {
  const Bucket = await bucket();
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: {} }));
  const { $metadata, ...notification } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  expect(notification).toEqual({});
  expect($metadata.httpStatusCode).toBe(200);
  await expect(s3.send(new GetBucketWebsiteCommand({ Bucket }))).rejects.toMatchObject({
    name: "NoSuchWebsiteConfiguration",
  });
  await expect(s3.send(new GetBucketReplicationCommand({ Bucket }))).rejects.toMatchObject({
    name: "ReplicationConfigurationNotFoundError",
  });
  // What is not there is deleted without a complaint, as long as there is a bucket.
  await s3.send(new DeleteBucketWebsiteCommand({ Bucket }));
  await s3.send(new DeleteBucketReplicationCommand({ Bucket }));
  await expect(s3.send(new DeleteBucketWebsiteCommand({ Bucket: "no-such-bucket" }))).rejects.toMatchObject({
    name: "NoSuchBucket",
  });
});
