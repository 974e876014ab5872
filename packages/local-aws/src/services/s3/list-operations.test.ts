import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  paginateListObjectsV2,
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
  Bucket = `lists-${count++}`;
  await endpoint.s3.send(new CreateBucketCommand({ Bucket }));
});

async function putAll(...keys: string[]): Promise<void> {
  for (const Key of keys) {
    await endpoint.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  }
}

const keysOf = (contents: { Key?: string | undefined }[] | undefined) => (contents ?? []).map(({ Key }) => Key);
const prefixesOf = (prefixes: { Prefix?: string | undefined }[] | undefined) =>
  (prefixes ?? []).map(({ Prefix }) => Prefix);

describe("ListObjectsV2", () => {
  test("lists in the order of UTF-8 bytes", async () => {
    // U+FF5E sorts before U+1F600 as UTF-8, and after it as UTF-16.
    await putAll("b", "a/2", "a/1", "a", "\u{1F600}", "\u{FF5E}", "B");
    const { Contents, KeyCount } = await endpoint.s3.send(new ListObjectsV2Command({ Bucket }));
    expect(keysOf(Contents)).toEqual(["B", "a", "a/1", "a/2", "b", "\u{FF5E}", "\u{1F600}"]);
    expect(KeyCount).toBe(7);
    expect(Contents?.[0]).toMatchObject({ Size: 1, StorageClass: "STANDARD", ChecksumAlgorithm: ["CRC32"] });
  });

  test("rolls up common prefixes and pages over them", async () => {
    await putAll("a/1", "a/2", "a/b/3", "b", "c/1", "c/2", "d");
    const pages = [];
    for await (const page of paginateListObjectsV2({ client: endpoint.s3, pageSize: 2 }, { Bucket, Delimiter: "/" })) {
      pages.push([...prefixesOf(page.CommonPrefixes), ...keysOf(page.Contents)]);
    }
    expect(pages).toEqual([
      ["a/", "b"],
      ["c/", "d"],
    ]);
    const inside = await endpoint.s3.send(new ListObjectsV2Command({ Bucket, Prefix: "a/", Delimiter: "/" }));
    expect(keysOf(inside.Contents)).toEqual(["a/1", "a/2"]);
    expect(prefixesOf(inside.CommonPrefixes)).toEqual(["a/b/"]);
  });

  test("starts after a key, and refuses tokens that it did not give", async () => {
    await putAll("a", "b", "c");
    const page = await endpoint.s3.send(new ListObjectsV2Command({ Bucket, StartAfter: "a", MaxKeys: 1 }));
    expect(keysOf(page.Contents)).toEqual(["b"]);
    expect(page.IsTruncated).toBe(true);
    await expect(
      endpoint.s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: "not mine" })),
    ).rejects.toMatchObject({ name: "InvalidArgument" });
    const none = await endpoint.s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }));
    expect(none).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });

  test("encodes keys when asked, and leaves out what is deleted", async () => {
    await putAll("a b+c/ü", "gone");
    await endpoint.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    await endpoint.s3.send(new DeleteObjectCommand({ Bucket, Key: "gone" }));
    const { Contents } = await endpoint.s3.send(new ListObjectsV2Command({ Bucket, EncodingType: "url" }));
    expect(keysOf(Contents)).toEqual(["a%20b%2Bc/%C3%BC"]);
  });
});

test("ListObjects pages by marker", async () => {
  await putAll("a", "b/1", "b/2", "c");
  const first = await endpoint.s3.send(new ListObjectsCommand({ Bucket, Delimiter: "/", MaxKeys: 2 }));
  expect([keysOf(first.Contents), prefixesOf(first.CommonPrefixes), first.NextMarker]).toEqual([["a"], ["b/"], "b/"]);
  const second = await endpoint.s3.send(
    new ListObjectsCommand({ Bucket, Delimiter: "/", MaxKeys: 2, Marker: first.NextMarker }),
  );
  expect([keysOf(second.Contents), second.IsTruncated]).toEqual([["c"], false]);
});

test("ListObjectVersions lists versions and markers, newest first, over pages", async () => {
  await endpoint.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  await putAll("a", "a", "b");
  await endpoint.s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
  const all = await endpoint.s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect(all.DeleteMarkers).toMatchObject([{ Key: "a", IsLatest: true }]);
  expect(all.Versions?.map(({ Key, IsLatest }) => [Key, IsLatest])).toEqual([
    ["a", false],
    ["a", false],
    ["b", true],
  ]);

  const seen: (string | undefined)[] = [];
  let KeyMarker: string | undefined;
  let VersionIdMarker: string | undefined;
  do {
    const page = await endpoint.s3.send(
      new ListObjectVersionsCommand({ Bucket, MaxKeys: 1, KeyMarker, VersionIdMarker }),
    );
    seen.push(...[...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ VersionId }) => VersionId));
    KeyMarker = page.NextKeyMarker;
    VersionIdMarker = page.NextVersionIdMarker;
  } while (KeyMarker !== undefined);
  expect(seen).toEqual([all.DeleteMarkers?.[0]?.VersionId, ...(all.Versions ?? []).map(({ VersionId }) => VersionId)]);
});
