import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { KeyDirectory } from "../../core/ports.ts";
import type { RequestContext } from "../../core/service.ts";
import { allow, type EnforcedCore, enforcedCore, policy } from "../../test/enforced-core.ts";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { createS3, type S3Service } from "./create-s3.ts";

const KEY = "arn:aws:kms:us-east-1:000000000000:key/11111111-1111-4111-8111-111111111111";
const BUCKET = "arn:aws:s3:::data";

let enforced: EnforcedCore;
let service: S3Service;
let served: ServedServices;
let root: S3Client;
let keyPolicy: string;
const clients: S3Client[] = [];

const keys: KeyDirectory = {
  findKeyArn: (key) => (key === KEY ? KEY : undefined),
  keyPolicy: (arn) =>
    arn === KEY ? { name: `key policy of ${arn}`, document: keyPolicy, mode: "required" } : undefined,
};

function client(credentials?: ReturnType<EnforcedCore["role"]>): S3Client {
  const made = new S3Client({
    ...served.client,
    ...(credentials === undefined ? {} : { credentials }),
    forcePathStyle: true,
    maxAttempts: 1,
  });
  clients.push(made);
  return made;
}

async function start(): Promise<void> {
  enforced = enforcedCore();
  keyPolicy = policy({
    ...allow("kms:*", "*"),
    Principal: { AWS: `arn:aws:iam::${enforced.core.accountId}:root` },
  });
  service = createS3(enforced.core, { keys });
  served = await serveServices(enforced.core, [service.service]);
  root = client();
  await root.send(new CreateBucketCommand({ Bucket: "data" }));
}

async function stop(): Promise<void> {
  for (const each of clients.splice(0)) {
    each.destroy();
  }
  await served.close();
  enforced.core.dispose();
}

/** What an operation needs, as `action resource`. */
function needs(operation: string, input: object, context?: Partial<RequestContext>): string[] {
  const needsOf = service.service.access?.[operation];
  const list = needsOf?.(input as never, enforced.core.context(context)) ?? [];
  return list.map(({ action, resource }) => `${action} ${resource}`);
}

async function denial(work: Promise<unknown>): Promise<{ name: string; message: string; status: number | undefined }> {
  const error = (await work.then(
    () => Promise.reject(new Error("it was allowed")),
    (reason: unknown) => reason,
  )) as Error & { $metadata?: { httpStatusCode?: number } };
  return { name: error.name, message: error.message, status: error.$metadata?.httpStatusCode };
}

describe("needs", () => {
  beforeAll(start);
  afterAll(stop);

  test("every operation has some", () => {
    const known = Object.keys(service.service.access ?? {});
    expect(Object.keys(service.service.operations).filter((name) => !known.includes(name))).toEqual([]);
  });

  test.each<[string, object, string[]]>([
    ["HeadBucket", {}, [`s3:ListBucket ${BUCKET}`]],
    ["ListBuckets", {}, ["s3:ListAllMyBuckets arn:aws:s3:::*"]],
    ["ListObjectVersions", {}, [`s3:ListBucketVersions ${BUCKET}`]],
    ["PutBucketEncryption", {}, [`s3:PutEncryptionConfiguration ${BUCKET}`]],
    ["DeleteBucketLifecycle", {}, [`s3:PutLifecycleConfiguration ${BUCKET}`]],
    ["DeletePublicAccessBlock", {}, [`s3:PutBucketPublicAccessBlock ${BUCKET}`]],
    ["GetObject", { Key: "a/b" }, [`s3:GetObject ${BUCKET}/a/b`]],
    ["HeadObject", { Key: "a", VersionId: "v1" }, [`s3:GetObjectVersion ${BUCKET}/a`]],
    ["GetObjectTagging", { Key: "a", VersionId: "v1" }, [`s3:GetObjectVersionTagging ${BUCKET}/a`]],
    ["GetObjectAttributes", { Key: "a" }, [`s3:GetObject ${BUCKET}/a`, `s3:GetObjectAttributes ${BUCKET}/a`]],
    ["PutObject", { Key: "a", IfNoneMatch: "*" }, [`s3:PutObject ${BUCKET}/a`]],
    ["PutObject", { Key: "a", IfMatch: '"etag"' }, [`s3:PutObject ${BUCKET}/a`, `s3:GetObject ${BUCKET}/a`]],
    [
      "PutObject",
      { Key: "a", Tagging: "k=v", ACL: "private", ObjectLockLegalHoldStatus: "ON" },
      [
        `s3:PutObject ${BUCKET}/a`,
        `s3:PutObjectAcl ${BUCKET}/a`,
        `s3:PutObjectTagging ${BUCKET}/a`,
        `s3:PutObjectLegalHold ${BUCKET}/a`,
      ],
    ],
    [
      "PutObject",
      { Key: "a", ServerSideEncryption: "aws:kms", SSEKMSKeyId: KEY },
      [`s3:PutObject ${BUCKET}/a`, `kms:GenerateDataKey ${KEY}`],
    ],
    ["DeleteObject", { Key: "a", VersionId: "v1" }, [`s3:DeleteObjectVersion ${BUCKET}/a`]],
    [
      "DeleteObject",
      { Key: "a", BypassGovernanceRetention: true },
      [`s3:DeleteObject ${BUCKET}/a`, `s3:BypassGovernanceRetention ${BUCKET}/a`],
    ],
    ["UploadPart", { Key: "a", UploadId: "u" }, [`s3:PutObject ${BUCKET}/a`]],
    ["ListParts", { Key: "a", UploadId: "u" }, [`s3:ListMultipartUploadParts ${BUCKET}/a`]],
    [
      "CopyObject",
      { Key: "b", CopySource: "/data/a%20b?versionId=v1" },
      [`s3:GetObjectVersion ${BUCKET}/a b`, `s3:PutObject ${BUCKET}/b`],
    ],
  ])("%s %o", (operation, input, expected) => {
    expect(needs(operation, { Bucket: "data", ...input })).toEqual(expected);
  });

  test("creating a bucket needs what it sets", () => {
    const asked = { Bucket: "new", ObjectOwnership: "ObjectWriter", ObjectLockEnabledForBucket: true };
    expect(needs("CreateBucket", asked)).toEqual(
      [
        "s3:CreateBucket",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketObjectLockConfiguration",
        "s3:PutBucketVersioning",
      ].map((action) => `${action} arn:aws:s3:::new`),
    );
  });

  test("a listing carries what it asks for", () => {
    const input = { Bucket: "data", Prefix: "a/", Delimiter: "/", MaxKeys: 5 };
    const [need] = service.service.access?.ListObjectsV2?.(input as never, enforced.core.context()) ?? [];
    expect(need?.conditions).toMatchObject({
      "s3:prefix": "a/",
      "s3:delimiter": "/",
      "s3:max-keys": "5",
      "s3:TlsVersion": "1.3",
    });
  });
});

describe("requests", () => {
  beforeEach(start);
  afterEach(stop);

  test("are allowed by exactly the permission, and denied with S3's message without it", async () => {
    await root.send(new PutObjectCommand({ Bucket: "data", Key: "a", Body: "x" }));
    const reader = client(enforced.role("reader", allow("s3:GetObject", `${BUCKET}/*`)));
    await expect(reader.send(new GetObjectCommand({ Bucket: "data", Key: "a" }))).resolves.toMatchObject({
      ContentLength: 1,
    });
    expect(await denial(reader.send(new PutObjectCommand({ Bucket: "data", Key: "a", Body: "y" })))).toEqual({
      name: "AccessDenied",
      status: 403,
      message: `User: arn:aws:sts::000000000000:assumed-role/reader/test is not authorized to perform: s3:PutObject on resource: "${BUCKET}/a" because no identity-based policy allows the s3:PutObject action`,
    });
  });

  test("for a missing key are 403 without s3:ListBucket, and 404 with it", async () => {
    const get = allow("s3:GetObject", `${BUCKET}/*`);
    const missing = { Bucket: "data", Key: "nothing" };
    const blind = client(enforced.role("blind", get));
    const refused = await denial(blind.send(new GetObjectCommand(missing)));
    expect(refused).toMatchObject({ name: "AccessDenied", status: 403 });
    expect(refused.message).toContain(`s3:ListBucket on resource: "${BUCKET}"`);
    expect(await denial(blind.send(new HeadObjectCommand(missing)))).toMatchObject({ status: 403 });

    const seeing = client(enforced.role("seeing", get, allow("s3:ListBucket", BUCKET)));
    expect(await denial(seeing.send(new GetObjectCommand(missing)))).toMatchObject({ name: "NoSuchKey", status: 404 });

    const belowPrefix = allow("s3:ListBucket", BUCKET, { Condition: { StringLike: { "s3:prefix": "nothing*" } } });
    const partly = client(enforced.role("partly", get, belowPrefix));
    expect(await denial(partly.send(new GetObjectCommand(missing)))).toMatchObject({ status: 403 });
  });

  test("to a bucket that is not there learn that it is not", async () => {
    const nobody = client(enforced.role("nobody"));
    expect(await denial(nobody.send(new ListObjectsV2Command({ Bucket: "not-there" })))).toMatchObject({
      name: "NoSuchBucket",
    });
  });

  test("to delete many keys are judged key by key", async () => {
    const cleaner = client(enforced.role("cleaner", allow("s3:DeleteObject", `${BUCKET}/mine/*`)));
    const answer = await cleaner.send(
      new DeleteObjectsCommand({ Bucket: "data", Delete: { Objects: [{ Key: "mine/a" }, { Key: "theirs/b" }] } }),
    );
    expect(answer.Deleted).toEqual([{ Key: "mine/a" }]);
    expect(answer.Errors).toMatchObject([{ Key: "theirs/b", Code: "AccessDenied" }]);
    expect(answer.Errors?.[0]?.Message).toContain(`s3:DeleteObject on resource: "${BUCKET}/theirs/b"`);
  });

  test("obey the bucket's policy, which may allow, too", async () => {
    const role = `arn:aws:iam::${enforced.core.accountId}:role/guest`;
    const guest = client(enforced.role("guest"));
    const admin = client(enforced.role("admin", allow("s3:*", "*")));
    await root.send(
      new PutBucketPolicyCommand({
        Bucket: "data",
        Policy: policy(
          { Principal: { AWS: role }, ...allow("s3:PutObject", `${BUCKET}/in/*`) },
          {
            Effect: "Deny",
            Principal: "*",
            Action: "s3:PutObject",
            Resource: `${BUCKET}/*`,
            Condition: { StringEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } },
          },
        ),
      }),
    );
    await guest.send(new PutObjectCommand({ Bucket: "data", Key: "in/a", Body: "x" }));
    expect(await denial(guest.send(new PutObjectCommand({ Bucket: "data", Key: "out", Body: "x" })))).toMatchObject({
      status: 403,
    });
    const wrong = { Bucket: "data", Key: "b", Body: "x", ServerSideEncryption: "aws:kms", SSEKMSKeyId: KEY } as const;
    expect((await denial(admin.send(new PutObjectCommand(wrong)))).message).toContain(
      "with an explicit deny in a resource-based policy",
    );
  });

  test("on objects with a KMS key need the key, through S3", async () => {
    await root.send(
      new PutBucketEncryptionCommand({
        Bucket: "data",
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: KEY } }],
        },
      }),
    );
    const objects = allow(["s3:GetObject", "s3:PutObject"], `${BUCKET}/*`);
    const viaS3 = {
      Condition: {
        StringEquals: {
          "kms:ViaService": "s3.us-east-1.amazonaws.com",
          "kms:EncryptionContext:aws:s3:arn": `${BUCKET}/a`,
        },
      },
    };
    const writer = client(enforced.role("writer", objects, allow("kms:GenerateDataKey", KEY, viaS3)));
    await writer.send(new PutObjectCommand({ Bucket: "data", Key: "a", Body: "x" }));
    const unread = await denial(writer.send(new GetObjectCommand({ Bucket: "data", Key: "a" })));
    expect(unread.message).toBe(
      `User: arn:aws:sts::000000000000:assumed-role/writer/test is not authorized to perform: kms:Decrypt on resource: ${KEY} because no identity-based policy allows the kms:Decrypt action`,
    );
    await writer.send(new HeadObjectCommand({ Bucket: "data", Key: "a" }));

    const all = client(enforced.role("all", objects, allow("kms:*", "*")));
    await all.send(new GetObjectCommand({ Bucket: "data", Key: "a" }));
    keyPolicy = policy({ ...allow("kms:*", "*"), Principal: { AWS: "arn:aws:iam::000000000000:role/other" } });
    expect((await denial(all.send(new GetObjectCommand({ Bucket: "data", Key: "a" })))).message).toContain(
      "because no resource-based policy allows the kms:Decrypt action",
    );
  });

  test("to copy need to read the source", async () => {
    await root.send(new PutObjectCommand({ Bucket: "data", Key: "a", Body: "x" }));
    const copier = client(enforced.role("copier", allow("s3:PutObject", `${BUCKET}/*`)));
    const copy = new CopyObjectCommand({ Bucket: "data", Key: "b", CopySource: "data/a" });
    expect((await denial(copier.send(copy))).message).toContain(`s3:GetObject on resource: "${BUCKET}/a"`);
    const both = client(enforced.role("copier", allow(["s3:PutObject", "s3:GetObject"], `${BUCKET}/*`)));
    await both.send(copy);
  });
});
