import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandInput,
  PutBucketAclCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type S3TestEndpoint, s3TestEndpoint } from "./s3-test-endpoint.ts";

const Bucket = "rules";
let endpoint: S3TestEndpoint;
let s3: S3Client;

beforeAll(async () => {
  endpoint = await s3TestEndpoint();
  s3 = endpoint.s3;
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => endpoint.close());

describe("lifecycle rules that S3 refuses", () => {
  const put = (...Rules: LifecycleRule[]) =>
    s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
  const rule: LifecycleRule = { Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 10 } };

  test.each<[string, Partial<LifecycleRule>, string]>([
    ["an id of more than 255 characters", { ID: "x".repeat(256) }, "ID length should not exceed"],
    ["no action", { Expiration: undefined }, "At least one action needs to be specified in a rule"],
    ["days that are none", { Expiration: { Days: 0 } }, "'Days' for the action must be a positive integer"],
    [
      "old versions that go at once",
      { NoncurrentVersionExpiration: { NoncurrentDays: 0 } },
      "'NoncurrentDays' for the action must be a positive integer",
    ],
    [
      "uploads that are aborted at once",
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 0 } },
      "'DaysAfterInitiation' for the action must be a positive integer",
    ],
    [
      "a class that takes objects of 30 days",
      { Transitions: [{ Days: 5, StorageClass: "STANDARD_IA" }] },
      "'Days' in Transition action must be greater than or equal to 30 for storageClass 'STANDARD_IA'",
    ],
    [
      "a class that takes old versions of 30 days",
      { NoncurrentVersionTransitions: [{ NoncurrentDays: 5, StorageClass: "ONEZONE_IA" }] },
      "'Days' in NoncurrentVersionTransition action",
    ],
    [
      "objects that expire before they move",
      { Transitions: [{ Days: 20, StorageClass: "GLACIER" }] },
      "must be greater than 'Days' in the Transition action",
    ],
    [
      "a negative age",
      { Transitions: [{ Days: -1, StorageClass: "GLACIER" }] },
      "'Days' in Transition action must be nonnegative",
    ],
    ["a time of day", { Expiration: { Date: new Date("2027-01-01T12:00:00Z") } }, "'Date' must be at midnight GMT"],
  ])("%s", async (_what, change, message) => {
    await expect(put({ ...rule, ...change })).rejects.toThrow(message);
  });

  test.each<[string, LifecycleRule[]]>([
    ["no rules", []],
    ["a state that is none", [{ ...rule, Status: "On" as "Enabled" }]],
    ["a prefix beside a filter", [{ ...rule, Prefix: "a" }]],
    ["two ends", [{ ...rule, Expiration: { Days: 1, ExpiredObjectDeleteMarker: true } }]],
    ["a move to nowhere", [{ ...rule, Transitions: [{ Days: 1 }] }]],
    ["a move without a time", [{ ...rule, Transitions: [{ StorageClass: "GLACIER" }] }]],
  ])("%s", async (_what, rules) => {
    await expect(put(...rules)).rejects.toMatchObject({ name: "MalformedXML" });
  });

  test("two of one id, and a minimum size that is none; and none of them is kept", async () => {
    await expect(put({ ...rule, ID: "a" }, { ...rule, ID: "a" })).rejects.toThrow("Rule ID must be unique.");
    const odd = new PutBucketLifecycleConfigurationCommand({
      ...{ Bucket, LifecycleConfiguration: { Rules: [rule] } },
      TransitionDefaultMinimumObjectSize: "tiny" as "varies_by_storage_class",
    });
    await expect(s3.send(odd)).rejects.toThrow("Invalid TransitionDefaultMinimumObjectSize");
    const none = { name: "NoSuchLifecycleConfiguration" };
    const get = () => s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    await expect(get()).rejects.toMatchObject(none);
    await put(rule);
    await expect(get()).resolves.toMatchObject({ Rules: [{ ID: expect.stringMatching(/^[0-9a-f-]{36}$/) }] });
    await s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
    await expect(get()).rejects.toMatchObject(none);
  });
});

describe("uploads in progress are listed", () => {
  const uploads = "uploads";
  const list = async (input: Partial<ListMultipartUploadsCommandInput> = {}) =>
    s3.send(new ListMultipartUploadsCommand({ Bucket: uploads, ...input }));

  beforeAll(async () => {
    await s3.send(new CreateBucketCommand({ Bucket: uploads }));
    for (const Key of ["b", "a/2", "a/1", "c d", "b"]) {
      await s3.send(new CreateMultipartUploadCommand({ Bucket: uploads, Key }));
    }
  });

  test("by key, folders as one, with names that a URL can hold where asked", async () => {
    const all = await list({ EncodingType: "url" });
    expect(all.Uploads?.map(({ Key }) => Key)).toEqual(["a/1", "a/2", "b", "b", "c%20d"]);
    const folders = await list({ Delimiter: "/" });
    expect(folders.CommonPrefixes).toEqual([{ Prefix: "a/" }]);
    expect(folders.Uploads?.map(({ Key }) => Key)).toEqual(["b", "b", "c d"]);
    expect((await list({ Prefix: "a/" })).Uploads?.map(({ Key }) => Key)).toEqual(["a/1", "a/2"]);
  });

  test("page by page, each upload once, also where two have one key", async () => {
    const seen: string[] = [];
    let page = await list({ MaxUploads: 1 });
    for (;;) {
      seen.push(...(page.Uploads ?? []).map(({ Key, UploadId }) => `${Key} ${UploadId}`));
      if (page.IsTruncated !== true) {
        break;
      }
      page = await list({ MaxUploads: 1, KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker });
    }
    expect(seen.map((each) => each.replace(/ \S+$/, ""))).toEqual(["a/1", "a/2", "b", "b", "c d"]);
    expect(new Set(seen).size).toBe(5);
    expect((await list({ KeyMarker: "z" })).Uploads ?? []).toEqual([]);
  });
});

describe("a bucket's access control list", () => {
  const owned = "listed";
  const put = (input: object) => s3.send(new PutBucketAclCommand({ Bucket: owned, ...input }));

  beforeAll(async () => {
    await s3.send(new CreateBucketCommand({ Bucket: owned }));
    const OwnershipControls = { Rules: [{ ObjectOwnership: "ObjectWriter" as const }] };
    await s3.send(new PutBucketOwnershipControlsCommand({ Bucket: owned, OwnershipControls }));
  });

  test.each([
    ["nothing", {}, "MalformedXML"],
    ["a canned list that is none", { ACL: "everybody" }, "InvalidArgument"],
    ["headers with grants", { GrantRead: "id=1" }, "NotImplemented"],
    ["what lets everybody in where that is blocked", { ACL: "public-read" }, "AccessDenied"],
    [
      "a permission that is none",
      { AccessControlPolicy: { Grants: [{ Permission: "ALL", Grantee: { Type: "CanonicalUser", ID: "1" } }] } },
      "MalformedXML",
    ],
    [
      "a grant to an e-mail address",
      {
        AccessControlPolicy: {
          Grants: [{ Permission: "READ", Grantee: { Type: "AmazonCustomerByEmail", EmailAddress: "a@example.com" } }],
        },
      },
      "InvalidArgument",
    ],
  ])("is not %s", async (_what, input, name) => {
    await expect(put(input)).rejects.toMatchObject({ name });
  });
});
