import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Principal } from "../../core/credentials.ts";
import type { ServiceObject } from "../../core/ports.ts";
import { allow, type EnforcedCore, enforcedCore, type Statement } from "../../test/enforced-core.ts";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { createS3, type S3Service } from "./create-s3.ts";

const SERVICE = "dynamodb.amazonaws.com";
let enforced: EnforcedCore;
let s3: S3Service;
let served: ServedServices;
let client: S3Client;

beforeAll(async () => {
  enforced = enforcedCore();
  s3 = createS3(enforced.core);
  served = await serveServices(enforced.core, [s3.service]);
  client = new S3Client({ ...served.client, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: "out" }));
});

afterAll(async () => {
  client.destroy();
  await served.close();
  enforced.core.dispose();
});

/** A session of a role with these rights. */
function caller(...statements: Statement[]): { principal: Principal; service: string } {
  const { accessKeyId } = enforced.role("writer", ...statements);
  const { principal } = enforced.core.credentials.find(accessKeyId) ?? {};
  return { principal: principal as Principal, service: SERVICE };
}

const object = (key: string, more: Partial<ServiceObject> = {}): ServiceObject => ({
  ...{ bucket: "out", key, body: Buffer.from("text"), ...more },
});
const mayWrite = allow(["s3:PutObject", "s3:PutObjectAcl"], "arn:aws:s3:::out/*");

test("writes with the caller's rights, in one request or as a multipart upload of one part", async () => {
  const by = caller(mayWrite);

  await s3.writer.put(object("put", { contentType: "application/json" }), by);
  const { etag } = await s3.writer.upload(object("upload"), by);

  const { Body, ContentType, ETag } = await client.send(new GetObjectCommand({ Bucket: "out", Key: "put" }));
  expect([await Body?.transformToString(), ContentType, ETag]).toEqual([
    "text",
    "application/json",
    '"1cb251ec0d568de6a929b520c4aed8d1"',
  ]);
  expect(etag).toMatch(/^[0-9a-f]{32}-1$/);
  expect((await client.send(new HeadObjectCommand({ Bucket: "out", Key: "upload" }))).ETag).toBe(`"${etag}"`);
});

test("refuses what the caller may not, and buckets that are not there or another's", async () => {
  const by = caller(mayWrite);

  await expect(s3.writer.put(object("x"), caller(allow("s3:PutObject", "*")))).rejects.toMatchObject({
    ...{ code: "AccessDenied", message: expect.stringContaining("s3:PutObjectAcl") },
  });
  await expect(s3.writer.put(object("x", { bucket: "nowhere" }), by)).rejects.toMatchObject({ code: "NoSuchBucket" });
  await expect(s3.writer.upload(object("x", { bucketOwner: "111111111111" }), by)).rejects.toMatchObject({
    code: "AccessDenied",
  });
});

test("an upload that fails leaves no parts behind, where the caller may remove them", async () => {
  const onComplete = { Condition: { StringEquals: { "s3:ObjectCreationOperation": "true" } } };
  const deny = { Effect: "Deny", Action: "s3:PutObject", Resource: "*", ...onComplete };
  const mayAbort = allow("s3:AbortMultipartUpload", "*");
  const uploads = async () => (await client.send(new ListMultipartUploadsCommand({ Bucket: "out" }))).Uploads ?? [];

  await expect(s3.writer.upload(object("tidy"), caller(mayWrite, mayAbort, deny))).rejects.toMatchObject({
    code: "AccessDenied",
  });
  expect(await uploads()).toEqual([]);

  await expect(s3.writer.upload(object("left"), caller(mayWrite, deny))).rejects.toMatchObject({
    code: "AccessDenied",
  });
  expect((await uploads()).map(({ Key }) => Key)).toEqual(["left"]);
});
