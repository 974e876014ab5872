import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { type LocalAws, ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY, startLocalAws } from "@slipway/local-aws";
import { type TemporaryFolder, temporaryFolder } from "@slipway/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { walkBucket } from "./bucket-contents.ts";

let folder: TemporaryFolder;
let localAws: LocalAws;
let s3: S3Client;

beforeAll(async () => {
  folder = temporaryFolder();
  localAws = await startLocalAws({ port: 0, dataDir: folder.path });
  s3 = new S3Client({
    region: "us-east-1",
    endpoint: localAws.endpoint,
    credentials: { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY },
    forcePathStyle: true,
  });
});

afterAll(async () => {
  s3?.destroy();
  await localAws?.stop();
  folder[Symbol.dispose]();
});

async function versionedBucket(Bucket: string): Promise<string> {
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  return Bucket;
}

/** Twenty at a time. */
async function times(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += 20) {
    await Promise.all(Array.from({ length: Math.min(20, count - from) }, (_, index) => work(from + index)));
  }
}

test("counts and removes more than one page of versions and delete markers", async () => {
  const Bucket = await versionedBucket("many");
  // Two versions of most keys, so that a page ends in the middle of a key; some of them deleted.
  await times(1_010, (index) => s3.send(new PutObjectCommand({ Bucket, Key: `k${index % 600}`, Body: "four" })));
  await times(40, (index) => s3.send(new DeleteObjectCommand({ Bucket, Key: `k${index}` })));
  const all = { versions: 1_010, deleteMarkers: 40, bytes: 4_040 };

  expect(await walkBucket(s3, Bucket, { remove: false })).toEqual(all);
  expect(await walkBucket(s3, Bucket, { remove: false }), "a look removes nothing").toEqual(all);
  expect(await walkBucket(s3, Bucket, { remove: true })).toEqual(all);
  expect(await walkBucket(s3, Bucket, { remove: true })).toEqual({ versions: 0, deleteMarkers: 0, bytes: 0 });
  await expect(s3.send(new DeleteBucketCommand({ Bucket })), "S3 itself finds it empty").resolves.toBeDefined();
});

test("a bucket that is gone is no error", async () => {
  expect(await walkBucket(s3, "gone", { remove: true })).toBeUndefined();
});

test("what S3 does not remove is named, and is no success", async () => {
  const Bucket = await versionedBucket("guarded");
  await s3.send(new PutObjectCommand({ Bucket, Key: "kept", Body: "x" }));
  const Statement = [
    { Effect: "Deny", Principal: "*", Action: "s3:DeleteObjectVersion", Resource: `arn:aws:s3:::${Bucket}/*` },
  ];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  const user = await someUser();
  const theirs = new S3Client({
    region: "us-east-1",
    endpoint: localAws.endpoint,
    credentials: user,
    forcePathStyle: true,
  });

  await expect(walkBucket(theirs, Bucket, { remove: true })).rejects.toMatchObject({
    kind: "denied",
    what: "1 object of guarded could not be removed",
    why: expect.stringMatching(/^kept: AccessDenied /),
  });
  theirs.destroy();
  expect(await walkBucket(s3, Bucket, { remove: false })).toMatchObject({ versions: 1 });
});

test("asked to stop, it stops, and says so", async () => {
  const signal = AbortSignal.abort();
  await expect(walkBucket(s3, "many", { remove: true, signal })).rejects.toMatchObject({
    kind: "interrupted",
    what: "Stopped while many was emptied",
  });
});

/** Somebody who may do everything that no other policy denies; root is bound by none. */
async function someUser() {
  const { AttachUserPolicyCommand, CreateAccessKeyCommand, CreateUserCommand, IAMClient } = await import(
    "@aws-sdk/client-iam"
  );
  const credentials = { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY };
  const iam = new IAMClient({ region: "us-east-1", endpoint: localAws.endpoint, credentials });
  const UserName = "somebody";
  await iam.send(new CreateUserCommand({ UserName }));
  const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  iam.destroy();
  return { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" };
}
