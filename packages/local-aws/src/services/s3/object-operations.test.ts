import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type S3TestEndpoint, s3TestEndpoint } from "./s3-test-endpoint.ts";

let endpoint: S3TestEndpoint;
let Bucket: string;
let count = 0;

beforeAll(async () => {
  endpoint = await s3TestEndpoint();
});
afterAll(() => endpoint.close());
beforeEach(async () => {
  Bucket = `objects-${count++}`;
  await endpoint.s3.send(new CreateBucketCommand({ Bucket }));
});

async function put(Key: string, Body: string | Uint8Array, more: object = {}) {
  return endpoint.s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
}

async function read(Key: string, more: object = {}): Promise<string> {
  const { Body } = await endpoint.s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return (await Body?.transformToString()) ?? "";
}

async function failure(promise: Promise<unknown>): Promise<{ name: string; status: number | undefined }> {
  try {
    await promise;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return { name, status: $metadata?.httpStatusCode };
  }
  return { name: "no failure", status: undefined };
}

const enableVersioning = () =>
  endpoint.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));

describe("putting and getting", () => {
  test("an object comes back with everything that was put with it", async () => {
    const put1 = await put("folder/ümläut and space+plus", "hello", {
      ContentType: "text/plain",
      CacheControl: "max-age=60",
      ContentDisposition: "attachment",
      ContentLanguage: "de",
      Metadata: { Purpose: "test" },
      Tagging: "a=1&b=two%20words",
      StorageClass: "STANDARD_IA",
    });
    const md5 = createHash("md5").update("hello").digest("hex");
    expect(put1.ETag).toBe(`"${md5}"`);
    expect(put1.ServerSideEncryption).toBe("AES256");
    const got = await endpoint.s3.send(
      new GetObjectCommand({ Bucket, Key: "folder/ümläut and space+plus", ChecksumMode: "ENABLED" }),
    );
    expect(await got.Body?.transformToString()).toBe("hello");
    expect(got).toMatchObject({
      ContentLength: 5,
      ContentType: "text/plain",
      CacheControl: "max-age=60",
      ContentDisposition: "attachment",
      ContentLanguage: "de",
      ETag: `"${md5}"`,
      Metadata: { purpose: "test" },
      TagCount: 2,
      StorageClass: "STANDARD_IA",
      ServerSideEncryption: "AES256",
      ChecksumType: "FULL_OBJECT",
      ChecksumCRC32: "NhCmhg==",
    });
    expect(got.VersionId).toBeUndefined();
    const { TagSet } = await endpoint.s3.send(
      new GetObjectTaggingCommand({ Bucket, Key: "folder/ümläut and space+plus" }),
    );
    expect(TagSet).toEqual([
      { Key: "a", Value: "1" },
      { Key: "b", Value: "two words" },
    ]);
  });

  test("a stream arrives through aws-chunked with its trailing checksum", async () => {
    await endpoint.s3.send(
      new PutObjectCommand({
        Bucket,
        Key: "stream",
        Body: Readable.from([Buffer.from("str"), Buffer.from("eam")]),
        ContentLength: 6,
      }),
    );
    const head = await endpoint.s3.send(new HeadObjectCommand({ Bucket, Key: "stream", ChecksumMode: "ENABLED" }));
    expect(head.ContentLength).toBe(6);
    expect(head.ContentEncoding).toBeUndefined();
    expect(head.ChecksumCRC32).toBeDefined();
    expect(await read("stream")).toBe("stream");
  });

  test("a large object is streamed whole and by range", async () => {
    const body = Buffer.alloc(6 * 1024 * 1024, "0123456789abcdef");
    await put("large", body);
    const { Body } = await endpoint.s3.send(new GetObjectCommand({ Bucket, Key: "large" }));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
    expect(await read("large", { Range: "bytes=16-19" })).toBe("0123");
  });

  test("ranges answer 206 and say what they are", async () => {
    await put("range", "0123456789");
    const got = await endpoint.s3.send(new GetObjectCommand({ Bucket, Key: "range", Range: "bytes=2-4" }));
    expect(got.$metadata.httpStatusCode).toBe(206);
    expect(got).toMatchObject({ ContentRange: "bytes 2-4/10", ContentLength: 3 });
    expect(await got.Body?.transformToString()).toBe("234");
    expect(await failure(read("range", { Range: "bytes=20-" }))).toEqual({ name: "InvalidRange", status: 416 });
  });

  test("response-* parameters override stored headers", async () => {
    await put("override", "x", { ContentType: "text/plain" });
    const got = await endpoint.s3.send(
      new GetObjectCommand({
        Bucket,
        Key: "override",
        ResponseContentType: "application/json",
        ResponseCacheControl: "no-store",
      }),
    );
    expect(got).toMatchObject({ ContentType: "application/json", CacheControl: "no-store" });
  });

  test("conditional reads", async () => {
    const { ETag } = await put("cond", "x");
    const earlier = new Date(Date.now() - 3_600_000);
    const later = new Date(Date.now() + 3_600_000);
    expect(await read("cond", { IfMatch: ETag })).toBe("x");
    expect(await failure(read("cond", { IfMatch: '"other"' }))).toMatchObject({ status: 412 });
    expect(await failure(read("cond", { IfNoneMatch: ETag }))).toMatchObject({ status: 304 });
    expect(await failure(read("cond", { IfModifiedSince: later }))).toMatchObject({ status: 304 });
    expect(await failure(read("cond", { IfUnmodifiedSince: earlier }))).toMatchObject({ status: 412 });
    expect(await read("cond", { IfMatch: ETag, IfUnmodifiedSince: earlier })).toBe("x");
  });

  test("what is not there", async () => {
    expect(await failure(read("nothing"))).toEqual({ name: "NoSuchKey", status: 404 });
    expect(await failure(endpoint.s3.send(new HeadObjectCommand({ Bucket, Key: "nothing" })))).toEqual({
      name: "NotFound",
      status: 404,
    });
    expect(await failure(endpoint.s3.send(new HeadBucketCommand({ Bucket: "no-such-bucket" })))).toEqual({
      name: "NotFound",
      status: 404,
    });
    expect(await failure(endpoint.s3.send(new GetObjectCommand({ Bucket: "no-such-bucket", Key: "k" })))).toEqual({
      name: "NoSuchBucket",
      status: 404,
    });
  });

  test("a wrong checksum or MD5 is BadDigest, and nothing is kept", async () => {
    expect(await failure(put("bad", "x", { ContentMD5: createHash("md5").update("y").digest("base64") }))).toEqual({
      name: "BadDigest",
      status: 400,
    });
    expect(
      await failure(put("bad", "x", { ChecksumSHA256: createHash("sha256").update("y").digest("base64") })),
    ).toEqual({
      name: "BadDigest",
      status: 400,
    });
    expect(await failure(read("bad"))).toMatchObject({ name: "NoSuchKey" });
  });

  test.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
    "%s is verified and returned",
    async (name) => {
      const answer = await put("sum", "checksum me", { ChecksumAlgorithm: name });
      const member = `Checksum${name}` as const;
      expect(answer[member]).toBeTruthy();
      const head = await endpoint.s3.send(new HeadObjectCommand({ Bucket, Key: "sum", ChecksumMode: "ENABLED" }));
      expect(head[member]).toBe(answer[member]);
      expect(await read("sum", { ChecksumMode: "ENABLED" })).toBe("checksum me");
      const { Checksum } = await endpoint.s3.send(
        new GetObjectAttributesCommand({ Bucket, Key: "sum", ObjectAttributes: ["Checksum", "ObjectSize", "ETag"] }),
      );
      expect(Checksum?.[member]).toBe(answer[member]);
    },
  );

  test("what local AWS does not play is refused by name", async () => {
    const key = Buffer.alloc(32, "k");
    expect(
      await failure(
        put("ssec", "x", {
          SSECustomerAlgorithm: "AES256",
          SSECustomerKey: key.toString("base64"),
          SSECustomerKeyMD5: createHash("md5").update(key).digest("base64"),
        }),
      ),
    ).toEqual({ name: "NotImplemented", status: 400 });
    expect(await failure(put("acl", "x", { ACL: "public-read" }))).toEqual({
      name: "AccessControlListNotSupported",
      status: 400,
    });
  });
});

describe("conditional writes", () => {
  test("If-None-Match: * lets exactly one of many writers win", async () => {
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, index) => failure(put("state.tflock", `lock ${index}`, { IfNoneMatch: "*" }))),
    );
    expect(results.filter(({ name }) => name === "no failure")).toHaveLength(1);
    expect(results.filter(({ name, status }) => name === "PreconditionFailed" && status === 412)).toHaveLength(7);
    await endpoint.s3.send(new DeleteObjectCommand({ Bucket, Key: "state.tflock" }));
    expect((await put("state.tflock", "again", { IfNoneMatch: "*" })).ETag).toBeDefined();
  });

  test("a delete marker does not stand in the way of If-None-Match", async () => {
    await enableVersioning();
    await put("lock", "1", { IfNoneMatch: "*" });
    await endpoint.s3.send(new DeleteObjectCommand({ Bucket, Key: "lock" }));
    expect((await put("lock", "2", { IfNoneMatch: "*" })).VersionId).toBeDefined();
  });

  test("If-Match replaces only what it names", async () => {
    expect(await failure(put("m", "1", { IfMatch: '"x"' }))).toEqual({ name: "NoSuchKey", status: 404 });
    const { ETag } = await put("m", "1");
    await put("m", "2", { IfMatch: ETag });
    expect(await failure(put("m", "3", { IfMatch: ETag }))).toEqual({ name: "PreconditionFailed", status: 412 });
    expect(await read("m")).toBe("2");
  });
});

describe("versions", () => {
  test("enabled: every write stays, a delete hides, deleting the marker shows again", async () => {
    const { VersionId: none } = await put("k", "before");
    expect(none).toBeUndefined();
    await enableVersioning();
    const first = await put("k", "one");
    const second = await put("k", "two");
    expect(await read("k")).toBe("two");
    expect(await read("k", { VersionId: first.VersionId })).toBe("one");
    expect(await read("k", { VersionId: "null" })).toBe("before");

    const deletion = await endpoint.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect(deletion.DeleteMarker).toBe(true);
    expect(await failure(read("k"))).toMatchObject({ name: "NoSuchKey" });
    expect(await failure(read("k", { VersionId: deletion.VersionId }))).toMatchObject({ status: 405 });

    const undo = await endpoint.s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId: deletion.VersionId }));
    expect(undo).toMatchObject({ DeleteMarker: true, VersionId: deletion.VersionId });
    expect(await read("k")).toBe("two");
    await endpoint.s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId: second.VersionId }));
    expect(await read("k")).toBe("one");
    expect(await failure(read("k", { VersionId: second.VersionId }))).toMatchObject({ name: "NoSuchVersion" });
  });

  test("suspended: writes and deletes replace only the null version", async () => {
    await enableVersioning();
    const kept = await put("k", "kept");
    await endpoint.s3.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } }),
    );
    expect((await put("k", "null one")).VersionId).toBe("null");
    await put("k", "null two");
    expect(await read("k", { VersionId: "null" })).toBe("null two");
    const deletion = await endpoint.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect(deletion).toMatchObject({ DeleteMarker: true, VersionId: "null" });
    expect(await read("k", { VersionId: kept.VersionId })).toBe("kept");
  });

  test("the disk holds the bytes of what is there, and nothing of what was replaced, deleted or refused", async () => {
    const blobs = () => readdirSync(join(endpoint.core.store.directory, "blobs")).length;
    const before = blobs();
    await put("k", "1");
    await put("k", "2");
    await failure(put("k", "3", { IfNoneMatch: "*" }));
    expect(blobs()).toBe(before + 1);
    expect(await read("k")).toBe("2");
    await endpoint.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect(blobs()).toBe(before);
  });
});

describe("copying", () => {
  test("copies content, metadata and tags, or replaces them", async () => {
    await put("a b", "content", { Metadata: { m: "1" }, ContentType: "text/x", Tagging: "t=1" });
    const copy = await endpoint.s3.send(
      new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `${Bucket}/${encodeURIComponent("a b")}` }),
    );
    expect(copy.CopyObjectResult?.ETag).toBe(`"${createHash("md5").update("content").digest("hex")}"`);
    const head = await endpoint.s3.send(new HeadObjectCommand({ Bucket, Key: "copy" }));
    expect(head).toMatchObject({ Metadata: { m: "1" }, ContentType: "text/x", TagCount: 1 });

    await endpoint.s3.send(
      new CopyObjectCommand({
        Bucket,
        Key: "copy",
        CopySource: `/${Bucket}/copy`,
        MetadataDirective: "REPLACE",
        Metadata: { n: "2" },
        ContentType: "text/y",
      }),
    );
    expect(await endpoint.s3.send(new HeadObjectCommand({ Bucket, Key: "copy" }))).toMatchObject({
      Metadata: { n: "2" },
      ContentType: "text/y",
    });
  });

  test("a copy onto itself that changes nothing is refused; an old version may be brought back", async () => {
    await enableVersioning();
    const { VersionId } = await put("k", "old");
    await put("k", "new");
    expect(
      await failure(endpoint.s3.send(new CopyObjectCommand({ Bucket, Key: "k", CopySource: `${Bucket}/k` }))),
    ).toMatchObject({ name: "InvalidRequest" });
    const copy = await endpoint.s3.send(
      new CopyObjectCommand({ Bucket, Key: "k", CopySource: `${Bucket}/k?versionId=${VersionId}` }),
    );
    expect(copy.CopySourceVersionId).toBe(VersionId);
    expect(await read("k")).toBe("old");
  });

  test("conditions on the source", async () => {
    const { ETag } = await put("k", "x");
    const copy = (more: object) =>
      failure(endpoint.s3.send(new CopyObjectCommand({ Bucket, Key: "c", CopySource: `${Bucket}/k`, ...more })));
    expect(await copy({ CopySourceIfMatch: ETag })).toMatchObject({ name: "no failure" });
    expect(await copy({ CopySourceIfNoneMatch: ETag })).toEqual({ name: "PreconditionFailed", status: 412 });
    expect(await copy({ IfNoneMatch: "*" })).toEqual({ name: "PreconditionFailed", status: 412 });
  });
});

describe("deleting many", () => {
  test("reports each key; what is not there counts as deleted", async () => {
    await put("a", "1");
    const answer = await endpoint.s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "a" }, { Key: "missing" }] } }),
    );
    expect(answer.Deleted?.map(({ Key }) => Key)).toEqual(["a", "missing"]);
    expect(await failure(read("a"))).toMatchObject({ name: "NoSuchKey" });
    const quiet = await endpoint.s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Quiet: true, Objects: [{ Key: "a" }] } }),
    );
    expect(quiet.Deleted ?? []).toEqual([]);
  });
});

describe("tags", () => {
  test("are limited as S3 limits them", async () => {
    await put("k", "x");
    const tag = (TagSet: { Key: string; Value: string }[]) =>
      failure(endpoint.s3.send(new PutObjectTaggingCommand({ Bucket, Key: "k", Tagging: { TagSet } })));
    expect(await tag(Array.from({ length: 11 }, (_, n) => ({ Key: `k${n}`, Value: "" })))).toMatchObject({
      name: "BadRequest",
    });
    expect(await tag([{ Key: "aws:mine", Value: "" }])).toMatchObject({ name: "InvalidTag" });
    expect(await tag([{ Key: "ok", Value: "fine" }])).toMatchObject({ name: "no failure" });
  });
});

describe("addressing", () => {
  test("ListBuckets and ListObjects are told apart", async () => {
    const { Buckets } = await endpoint.s3.send(new ListBucketsCommand({ Prefix: Bucket }));
    expect(Buckets?.map(({ Name }) => Name)).toContain(Bucket);
  });

  test("other services read objects through the port", async () => {
    await put("code.zip", "zip");
    const { body } = await endpoint.ports.objects.readObject(Bucket, "code.zip");
    expect(Buffer.from(body).toString()).toBe("zip");
    await expect(endpoint.ports.objects.readObject(Bucket, "none")).rejects.toMatchObject({ code: "NoSuchKey" });
    await expect(endpoint.ports.objects.readObject("nobody", "none")).rejects.toMatchObject({ code: "NoSuchBucket" });
  });
});
