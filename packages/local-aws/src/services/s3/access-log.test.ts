import {
  CreateBucketCommand,
  GetBucketLoggingCommand,
  GetObjectCommand,
  type LoggingEnabled,
  PutBucketEncryptionCommand,
  PutBucketLoggingCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Principal } from "../../core/credentials.ts";
import { allow, type EnforcedCore, enforcedCore, policy, type Statement } from "../../test/enforced-core.ts";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { createS3, type S3Service } from "./create-s3.ts";

const FIVE_MINUTES_MS = 300_000;
let enforced: EnforcedCore;
let service: S3Service;
let served: ServedServices;
let root: S3Client;

beforeEach(async () => {
  enforced = enforcedCore();
  service = createS3(enforced.core);
  served = await serveServices(enforced.core, [service.service]);
  root = new S3Client({ ...served.client, forcePathStyle: true, maxAttempts: 1 });
  await root.send(new CreateBucketCommand({ Bucket: "state" }));
  await root.send(new CreateBucketCommand({ Bucket: "logs" }));
});

afterEach(async () => {
  root.destroy();
  await served.close();
  enforced.core.dispose();
});

async function consent(condition: object = {}): Promise<void> {
  const statement = {
    ...allow("s3:PutObject", "arn:aws:s3:::logs/state/*"),
    Principal: { Service: "logging.s3.amazonaws.com" },
    Condition: {
      StringEquals: { "aws:SourceAccount": enforced.core.accountId },
      ArnLike: { "aws:SourceArn": "arn:aws:s3:::state" },
      ...condition,
    },
  };
  await root.send(new PutBucketPolicyCommand({ Bucket: "logs", Policy: policy(statement) }));
}

async function log(more: Partial<LoggingEnabled> = {}): Promise<void> {
  const LoggingEnabled = { TargetBucket: "logs", TargetPrefix: "state/", ...more };
  await root.send(new PutBucketLoggingCommand({ Bucket: "state", BucketLoggingStatus: { LoggingEnabled } }));
}

/** Keys and lines of what was delivered, through a port that is not logged. */
async function delivered(): Promise<{ keys: string[]; lines: string[] }> {
  await enforced.core.clock.advance(FIVE_MINUTES_MS);
  const list = service.service.operations.ListObjectsV2 as unknown as (
    input: { Bucket: string },
    context: object,
  ) => { Contents: { Key: string }[] };
  const keys = list({ Bucket: "logs" }, enforced.core.context()).Contents.map(({ Key }) => Key);
  const bodies = await Promise.all(keys.map((key) => service.objects.readObject("logs", key)));
  const text = bodies.map(({ body }) => Buffer.from(body).toString()).join("");
  return { keys, lines: text === "" ? [] : text.trimEnd().split("\n") };
}

/** The fields of a record: quoted and bracketed ones are one field. */
function fields(line: string | undefined): string[] {
  return line?.match(/"[^"]*"|\[[^\]]*\]|\S+/g) ?? [];
}

test("logging is kept and read back as Terraform's provider writes it", async () => {
  await log({ TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource: "EventTime" } } });
  const { LoggingEnabled } = await root.send(new GetBucketLoggingCommand({ Bucket: "state" }));
  expect(LoggingEnabled).toEqual({
    TargetBucket: "logs",
    TargetPrefix: "state/",
    TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource: "EventTime" } },
  });
  await root.send(new PutBucketLoggingCommand({ Bucket: "state", BucketLoggingStatus: {} }));
  expect((await root.send(new GetBucketLoggingCommand({ Bucket: "state" }))).LoggingEnabled).toBeUndefined();
  const grants = [{ Grantee: { Type: "Group", URI: "http://acs.amazonaws.com/groups/global/AllUsers" } as const }];
  await expect(log({ TargetGrants: grants })).rejects.toMatchObject({ name: "AccessControlListNotSupported" });
});

test("requests, refused ones too, are delivered in AWS's format, a few minutes later and in one object", async () => {
  await consent();
  await log();
  await root.send(new PutObjectCommand({ Bucket: "state", Key: "env/dev state", Body: "12345" }));
  await root.send(new GetObjectCommand({ Bucket: "state", Key: "env/dev state", Range: "bytes=0-1" }));
  await root.send(new GetObjectCommand({ Bucket: "state", Key: "none" })).catch(() => {});
  const credentials = enforced.role("nobody");
  const nobody = new S3Client({ ...served.client, credentials, forcePathStyle: true, maxAttempts: 1 });
  await nobody.send(new GetObjectCommand({ Bucket: "state", Key: "env/dev state" })).catch(() => {});
  nobody.destroy();

  const { keys, lines } = await delivered();
  expect(keys).toHaveLength(1);
  expect(keys[0]).toMatch(/^state\/\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[0-9A-F]{16}$/);
  const [put, get, missing, denied] = lines.map(fields);
  expect(lines).toHaveLength(4);
  expect(put).toHaveLength(27);
  expect(put?.slice(1, 4)).toEqual(["state", expect.stringMatching(/^\[\d\d\/\w{3}\/\d{4}:.* \+0000\]$/), "127.0.0.1"]);
  expect(put?.[4]).toBe(put?.[0]);
  expect(put?.slice(6, 13)).toEqual([
    "REST.PUT.OBJECT",
    "env/dev%20state",
    '"PUT /state/env/dev%20state?x-id=PutObject HTTP/1.1"',
    "200",
    "-",
    "-",
    "5",
  ]);
  expect(get?.slice(9, 13)).toEqual(["206", "-", "2", "5"]);
  expect(missing?.slice(6, 13)).toEqual(["REST.GET.OBJECT", "none", expect.any(String), "404", "NoSuchKey", "-", "-"]);
  expect(denied?.[4]).toBe("arn:aws:sts::000000000000:assumed-role/nobody/test");
  expect(denied?.slice(9, 11)).toEqual(["403", "AccessDenied"]);
  expect((await delivered()).keys).toHaveLength(1);
});

test("what a service writes in a caller's name is judged as when it is checked", async () => {
  await consent();
  await log();
  const mayWrite = allow(["s3:PutObject", "s3:PutObjectAcl"], "arn:aws:s3:::state/*");
  const Condition = { Bool: { "aws:ViaAWSService": "true" } };
  const write = (key: string, role: string, ...statements: Statement[]) => {
    const { accessKeyId } = enforced.role(role, ...statements);
    const { principal } = enforced.core.credentials.find(accessKeyId) ?? {};
    const by = { principal: principal as Principal, service: "dynamodb.amazonaws.com" };
    return service.writer.put({ bucket: "state", key, body: Buffer.from("1") }, by);
  };
  await write("allowed", "by-services", { ...mayWrite, Condition });
  const deny = { Effect: "Deny", Action: "s3:PutObject", Resource: "*", Condition };
  await expect(write("refused", "not-by-services", mayWrite, deny)).rejects.toMatchObject({ code: "AccessDenied" });

  const { lines } = await delivered();
  expect(lines.map((line) => [fields(line)[7], ...fields(line).slice(9, 11)])).toEqual([
    ["allowed", "200", "-"],
    ["refused", "403", "AccessDenied"],
  ]);
});

test("keys can be partitioned by the day of the requests", async () => {
  await consent();
  await log({ TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource: "EventTime" } } });
  await root.send(new PutObjectCommand({ Bucket: "state", Key: "a", Body: "1" }));
  const { keys } = await delivered();
  expect(keys[0]).toMatch(
    /^state\/000000000000\/us-east-1\/state\/\d{4}\/\d\d\/\d\d\/\d{4}-\d\d-\d\d-00-00-00-[0-9A-F]{16}$/,
  );
});

test.each<[string, () => Promise<unknown>]>([
  ["without a policy", async () => {}],
  ["for another source", () => consent({ ArnLike: { "aws:SourceArn": "arn:aws:s3:::other" } })],
  ["for another account", () => consent({ StringEquals: { "aws:SourceAccount": "111111111111" } })],
  [
    "into a bucket that encrypts with KMS by default",
    async () => {
      await consent();
      const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" as const } };
      await root.send(
        new PutBucketEncryptionCommand({
          Bucket: "logs",
          ServerSideEncryptionConfiguration: { Rules: [rule] },
        }),
      );
    },
  ],
])("nothing is delivered %s, and nobody is told", async (_case, prepare) => {
  await prepare();
  await log();
  await root.send(new PutObjectCommand({ Bucket: "state", Key: "a", Body: "1" }));
  expect((await delivered()).keys).toEqual([]);
});

test("what is held is delivered when S3 stops", async () => {
  await consent();
  await log();
  await root.send(new PutObjectCommand({ Bucket: "state", Key: "a", Body: "1" }));
  await service.service.close?.();
  expect((await delivered()).lines).toHaveLength(1);
});
