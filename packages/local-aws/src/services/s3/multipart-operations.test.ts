import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type S3TestEndpoint, s3TestEndpoint } from "./s3-test-endpoint.ts";

const MIB = 1024 * 1024;
const Bucket = "multipart";
const FIRST = Buffer.alloc(5 * MIB, "a");
const LAST = Buffer.from("the end");
let endpoint: S3TestEndpoint;

beforeAll(async () => {
  endpoint = await s3TestEndpoint();
  await endpoint.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => endpoint.close());

async function upload(Key: string, parts: readonly Buffer[], more: object = {}) {
  const created = await endpoint.s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  const Parts: CompletedPart[] = [];
  for (const [index, Body] of parts.entries()) {
    const PartNumber = index + 1;
    const part = await endpoint.s3.send(
      new UploadPartCommand({ Bucket, Key, UploadId: created.UploadId, PartNumber, Body, ...checksumOf(more) }),
    );
    const { ETag, ChecksumCRC32, ChecksumSHA256, ChecksumCRC64NVME } = part;
    Parts.push({ PartNumber, ETag, ChecksumCRC32, ChecksumSHA256, ChecksumCRC64NVME });
  }
  return { UploadId: created.UploadId, Parts, created };
}

function checksumOf(more: object): object {
  return "ChecksumAlgorithm" in more ? { ChecksumAlgorithm: more.ChecksumAlgorithm } : {};
}

const complete = (Key: string, { UploadId, Parts }: { UploadId?: string; Parts: CompletedPart[] }, more: object = {}) =>
  endpoint.s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }));

test("parts become one object with the entity tag of parts", async () => {
  const started = await upload("big", [FIRST, LAST], { ContentType: "text/plain", Metadata: { m: "1" } });
  const done = await complete("big", started);
  const md5 = (bytes: Buffer) => createHash("md5").update(bytes).digest();
  const etag = `"${md5(Buffer.concat([md5(FIRST), md5(LAST)])).toString("hex")}-2"`;
  expect(done.ETag).toBe(etag);
  const got = await endpoint.s3.send(new GetObjectCommand({ Bucket, Key: "big" }));
  expect(got).toMatchObject({ ETag: etag, ContentType: "text/plain", Metadata: { m: "1" } });
  const bytes = Buffer.from((await got.Body?.transformToByteArray()) ?? []);
  expect(bytes.equals(Buffer.concat([FIRST, LAST]))).toBe(true);
  const second = await endpoint.s3.send(new GetObjectCommand({ Bucket, Key: "big", PartNumber: 2 }));
  expect(await second.Body?.transformToString()).toBe("the end");
  expect(second).toMatchObject({ PartsCount: 2, ContentRange: `bytes ${5 * MIB}-${5 * MIB + 6}/${5 * MIB + 7}` });
  const attributes = await endpoint.s3.send(
    new GetObjectAttributesCommand({ Bucket, Key: "big", ObjectAttributes: ["ObjectParts", "ObjectSize"] }),
  );
  expect(attributes.ObjectParts?.Parts?.map(({ Size }) => Size)).toEqual([5 * MIB, 7]);
  await expect(
    endpoint.s3.send(new ListPartsCommand({ Bucket, Key: "big", UploadId: started.UploadId })),
  ).rejects.toMatchObject({ name: "NoSuchUpload" });
});

test("composite and full-object checksums", async () => {
  const composite = await upload("sha", [FIRST, LAST], { ChecksumAlgorithm: "SHA256" });
  expect(composite.created).toMatchObject({ ChecksumAlgorithm: "SHA256", ChecksumType: "COMPOSITE" });
  const done = await complete("sha", composite);
  const sha = (bytes: Buffer) => createHash("sha256").update(bytes).digest();
  expect(done.ChecksumSHA256).toBe(`${sha(Buffer.concat([sha(FIRST), sha(LAST)])).toString("base64")}-2`);

  const full = await upload("crc", [FIRST, LAST], { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
  const finished = await complete("crc", full, { ChecksumType: "FULL_OBJECT" });
  await endpoint.s3.send(new PutObjectCommand({ Bucket, Key: "whole", Body: Buffer.concat([FIRST, LAST]) }));
  const whole = await endpoint.s3.send(new HeadObjectCommand({ Bucket, Key: "whole", ChecksumMode: "ENABLED" }));
  expect(finished).toMatchObject({ ChecksumCRC32: whole.ChecksumCRC32, ChecksumType: "FULL_OBJECT" });
});

test("completion checks order, parts and sizes", async () => {
  const started = await upload("strict", [LAST, LAST]);
  const [one, two] = started.Parts as [CompletedPart, CompletedPart];
  const attempt = (Parts: CompletedPart[]) => complete("strict", { UploadId: started.UploadId, Parts });
  await expect(attempt([two, one])).rejects.toMatchObject({ name: "InvalidPartOrder" });
  await expect(attempt([{ ...one, ETag: '"00000000000000000000000000000000"' }])).rejects.toMatchObject({
    name: "InvalidPart",
  });
  await expect(attempt([one, two])).rejects.toMatchObject({ name: "EntityTooSmall" });
  await expect(attempt([])).rejects.toMatchObject({ name: "MalformedXML" });
  expect((await attempt([two])).ETag).toMatch(/-1"$/);
});

test("If-None-Match holds for completion too, and the upload can be retried", async () => {
  await endpoint.s3.send(new PutObjectCommand({ Bucket, Key: "taken", Body: "x" }));
  const started = await upload("taken", [LAST]);
  await expect(complete("taken", started, { IfNoneMatch: "*" })).rejects.toMatchObject({ name: "PreconditionFailed" });
  expect((await complete("taken", started)).ETag).toBeDefined();
});

test("uploads and parts are listed, replaced and aborted", async () => {
  const started = await upload("open/1", [LAST]);
  await endpoint.s3.send(
    new UploadPartCommand({ Bucket, Key: "open/1", UploadId: started.UploadId, PartNumber: 1, Body: "replaced" }),
  );
  const parts = await endpoint.s3.send(new ListPartsCommand({ Bucket, Key: "open/1", UploadId: started.UploadId }));
  expect(parts.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([[1, 8]]);
  const uploads = await endpoint.s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "open/" }));
  expect(uploads.Uploads?.map(({ Key, UploadId }) => [Key, UploadId])).toEqual([["open/1", started.UploadId]]);
  await endpoint.s3.send(new AbortMultipartUploadCommand({ Bucket, Key: "open/1", UploadId: started.UploadId }));
  const after = await endpoint.s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: "open/" }));
  expect(after.Uploads ?? []).toEqual([]);
});

test("a part may be copied from a range of another object", async () => {
  await endpoint.s3.send(new PutObjectCommand({ Bucket, Key: "source", Body: "0123456789" }));
  const { UploadId } = await endpoint.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "target" }));
  const { CopyPartResult } = await endpoint.s3.send(
    new UploadPartCopyCommand({
      Bucket,
      Key: "target",
      UploadId,
      PartNumber: 1,
      CopySource: `${Bucket}/source`,
      CopySourceRange: "bytes=3-5",
    }),
  );
  await complete("target", { UploadId, Parts: [{ PartNumber: 1, ETag: CopyPartResult?.ETag }] });
  const got = await endpoint.s3.send(new GetObjectCommand({ Bucket, Key: "target" }));
  expect(await got.Body?.transformToString()).toBe("345");
});
