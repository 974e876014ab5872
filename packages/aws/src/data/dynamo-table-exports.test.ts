import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { gunzipSync, gzipSync } from "node:zlib";
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateContinuousBackupsCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { ExactNumber } from "@slipway/contracts";
import type { Clock, ExportedChange, FinishedExport } from "@slipway/release-engine";
import { ManualClock } from "@slipway/testing";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { collect } from "../test/collect.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { toItem } from "./attribute-values.ts";
import { DynamoTableExports } from "./dynamo-table-exports.ts";

const HOUR_MS = 3_600_000;
const bucket = "exports";
let fixture: LocalAwsFixture;
let dynamodb: DynamoDBClient;
let s3: S3Client;
let exports: DynamoTableExports;
let made = 0;

/** Waits by moving local AWS's clock. */
const clock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => fixture.localAws.advanceClock(milliseconds),
};

beforeAll(async () => {
  fixture = await localAwsFixture();
  dynamodb = new DynamoDBClient(fixture.client);
  s3 = new S3Client({ ...fixture.client, forcePathStyle: true });
  exports = new DynamoTableExports({ dynamodb, s3 }, { clock });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
});

afterEach(() => fixture.clearFaults());

afterAll(async () => {
  dynamodb?.destroy();
  s3?.destroy();
  await fixture?.close();
});

const now = async () => {
  const answer = await fetch(`${fixture.localAws.endpoint}/_slipway/clock`, { headers: { "x-slipway-control": "1" } });
  return Date.parse(((await answer.json()) as { clock: string }).clock);
};

async function recoverable(enabled = true): Promise<string> {
  const TableName = `table-${++made}`;
  await dynamodb.send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: "PAY_PER_REQUEST" },
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    }),
  );
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 20, minDelay: 1 }, { TableName });
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: enabled };
  await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
  return TableName;
}

const put = (TableName: string, record: Parameters<typeof toItem>[0]) =>
  dynamodb.send(new PutItemCommand({ TableName, Item: toItem(record) }));

/** A table with a past, and the hour of it that is to be exported. */
async function arrange(changed = 30) {
  const table = await recoverable();
  await put(table, { id: "updated", value: "before" });
  await put(table, { id: "deleted", value: "before" });
  await fixture.localAws.advanceClock(2000);
  const from = Math.floor((await now()) / 1000) * 1000;
  const everything = {
    ...{ text: "ä\n", number: new ExactNumber("12345678901234567890"), yes: true, nothing: null },
    ...{ bytes: new Uint8Array([0, 255]), texts: new Set(["a", "b"]), numbers: new Set([1, 2.5]) },
    ...{ list: ["x", { deep: [1] }], map: { "with.dot": new Set([new Uint8Array([7])]) } },
  };
  await put(table, { id: "updated", value: "after", ...everything });
  await dynamodb.send(new DeleteItemCommand({ TableName: table, Key: { id: { S: "deleted" } } }));
  await Promise.all(Array.from({ length: changed }, (_, index) => put(table, { id: `new-${index}`, index })));
  await fixture.localAws.advanceClock(HOUR_MS);
  return {
    request: { table, from, to: from + HOUR_MS / 2, bucket, prefix: table, token: `token-${table}` },
    everything,
  };
}

async function exported(changed?: number): Promise<FinishedExport> {
  const { request } = await arrange(changed);
  return exports.finished(await exports.start(request));
}

const byId = (changes: readonly ExportedChange[]) => new Map(changes.map((change) => [change.key.id, change]));

test("tells what every item was before and after, to the last bit", async () => {
  const { request, everything } = await arrange();

  const finished = await exports.finished(await exports.start(request));
  const changes = byId(await collect(exports.changes(finished)));

  expect(finished).toMatchObject({ bucket, from: request.from, to: request.to, items: 32 });
  expect(changes.size).toBe(32);
  expect(changes.get("updated")).toEqual({
    key: { id: "updated" },
    at: expect.any(Number),
    before: { id: "updated", value: "before" },
    after: { id: "updated", value: "after", ...everything },
  });
  expect(changes.get("deleted")).toEqual({
    ...{ key: { id: "deleted" }, at: expect.any(Number), before: { id: "deleted", value: "before" } },
  });
  expect(changes.get("new-7")).toEqual({
    ...{ key: { id: "new-7" }, at: expect.any(Number), after: { id: "new-7", index: 7 } },
  });
  for (const { at } of changes.values()) {
    expect(at).toBeGreaterThanOrEqual(request.from);
    expect(at).toBeLessThan(request.to);
  }
});

test("an export is found again by its token, and one that failed is begun anew", async () => {
  const { request } = await arrange(0);
  const first = await exports.start(request);
  expect(await exports.start(request)).toBe(first);

  const nowhere = { ...request, bucket: "nowhere", token: "nowhere" };
  await expect(exports.finished(await exports.start(nowhere))).rejects.toMatchObject({
    kind: "not-found",
    why: expect.stringContaining("S3NoSuchBucket: The specified bucket does not exist"),
  });
  await s3.send(new CreateBucketCommand({ Bucket: "nowhere" }));
  const finished = await exports.finished(await exports.start(nowhere));

  expect(await collect(exports.changes(finished))).toHaveLength(2);
});

test("what AWS refuses is said with its remedy", async () => {
  const plain = await recoverable(false);
  const { request } = await arrange(0);

  await expect(exports.start({ ...request, table: plain })).rejects.toMatchObject({
    kind: "usage",
    next: expect.stringContaining("enable point-in-time recovery"),
  });
  await expect(exports.start({ ...request, to: request.from + 60_000 })).rejects.toMatchObject({
    kind: "usage",
    why: expect.stringContaining("less than 15 minutes"),
  });
  await expect(exports.start({ ...request, table: "nowhere" })).rejects.toMatchObject({ kind: "not-found" });
  await expect(exports.start({ ...request, from: request.from + 1 })).rejects.toThrow(RangeError);
});

describe("the wait", () => {
  test("is bounded, and says how to go on", async () => {
    const { request } = await arrange(0);
    const arn = await exports.start(request);
    const hasty = new DynamoTableExports({ dynamodb, s3 }, { clock: new ManualClock() });

    await expect(hasty.finished(arn, { withinMs: 1500 })).rejects.toMatchObject({
      ...{ kind: "timeout", why: expect.stringContaining(arn) },
    });
    expect(await exports.finished(arn)).toMatchObject({ arn });
  });

  test("ends when it is asked to stop", async () => {
    const { request } = await arrange(0);
    const arn = await exports.start(request);
    const abort = new AbortController();
    const waiting = new DynamoTableExports(
      { dynamodb, s3 },
      { clock: { now: () => Date.now(), sleep: async () => abort.abort() } },
    );

    await expect(waiting.finished(arn, { signal: abort.signal })).rejects.toMatchObject({ kind: "interrupted" });
  });

  test("survives looks that fail", async () => {
    const { request } = await arrange(0);
    const arn = await exports.start(request);
    await fixture.plantFault({ kind: "throttle", service: "dynamodb", operation: "DescribeExport", remaining: 3 });
    const impatient = new DynamoDBClient({ ...fixture.client, maxAttempts: 1 });

    expect(await new DynamoTableExports({ dynamodb: impatient, s3 }, { clock }).finished(arn)).toMatchObject({ arn });
    impatient.destroy();
  });
});

describe("a file that is not whole is an error that names it", () => {
  const keysOf = async (finished: FinishedExport) => {
    const Prefix = finished.manifest.split("/")[0];
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
    return Contents.map(({ Key = "" }) => Key).filter((key) => !key.endsWith("_started"));
  };
  const bytesOf = async (Key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const overwrite = (Key: string, Body: Uint8Array | string) =>
    s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  const attempt = async (finished: FinishedExport) => {
    let told = 0;
    try {
      for await (const _ of exports.changes(finished)) {
        told += 1;
      }
    } catch (error) {
      return { told, error };
    }
    return { told };
  };

  test("each file in turn missing, cut short, or with one bit turned: then no change is told at all", async () => {
    const finished = await exported();
    const keys = await keysOf(finished);
    expect(keys).toHaveLength(8);
    for (const key of keys) {
      const whole = await bytesOf(key);
      const turned = Buffer.from(whole);
      turned[Math.floor(turned.length / 2)] = (turned[Math.floor(turned.length / 2)] as number) ^ 1;
      // A checksum file that is wrong speaks of the manifest that it belongs to.
      const named = key.replace(/\.md5$/, "");
      for (const damage of [
        () => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })),
        () => overwrite(key, whole.subarray(0, -3)),
        () => overwrite(key, turned),
      ]) {
        await damage();
        expect(await attempt(finished), key).toMatchObject({
          told: 0,
          error: { name: "ReleaseError", what: expect.stringContaining(`s3://${bucket}/${named}`) },
        });
      }
      await overwrite(key, whole);
    }
    expect(await collect(exports.changes(finished))).toHaveLength(32);
  });

  /** Writes a manifest of files anew, with its checksum, as only somebody who means it would. */
  async function rewrite(finished: FinishedExport, change: (files: Record<string, unknown>[]) => object[]) {
    const key = finished.manifest.replace("summary", "files");
    const files = (await bytesOf(key)).toString().trimEnd().split("\n");
    const text = change(files.map((line) => JSON.parse(line)))
      .map((file) => `${JSON.stringify(file)}\n`)
      .join("");
    await overwrite(key, text);
    await overwrite(key.replace(".json", ".md5"), createHash("md5").update(text).digest("base64"));
    return key;
  }

  test("a manifest that leaves a file out", async () => {
    const finished = await exported();
    const key = await rewrite(finished, (files) => files.slice(1));

    expect(await attempt(finished)).toMatchObject({
      ...{
        told: 0,
        error: { what: expect.stringContaining(key), why: expect.stringMatching(/its files have \d+ items/) },
      },
    });
  });

  test.each([
    ["fewer", (lines: string[]) => lines.slice(1), "items, and the manifest says"],
    ["more", (lines: string[]) => [...lines, lines[0]], "it has more than the"],
    ["unreadable", (lines: string[]) => ["{", ...lines.slice(1)], "line 1:"],
    [
      "keyless",
      (lines: string[]) => ['{"Metadata":{"WriteTimestampMicros":{"N":"1"}}}', ...lines.slice(1)],
      "its Keys",
    ],
  ])("a data file with %s lines, whatever its checksum says", async (_, change, why) => {
    const finished = await exported();
    const files = finished.manifest.replace("summary", "files");
    const first = JSON.parse((await bytesOf(files)).toString().split("\n")[0] as string) as { dataFileS3Key: string };
    const lines = gunzipSync(await bytesOf(first.dataFileS3Key))
      .toString()
      .trimEnd()
      .split("\n");
    const body = gzipSync(`${change(lines).join("\n")}\n`);
    await overwrite(first.dataFileS3Key, body);
    const md5Checksum = createHash("md5").update(body).digest("base64");
    await rewrite(finished, ([file, ...others]) => [{ ...file, md5Checksum }, ...others]);

    expect(await attempt(finished)).toMatchObject({
      error: { what: expect.stringContaining(first.dataFileS3Key), why: expect.stringContaining(why) },
    });
  });

  test("a summary of another export", async () => {
    const [one, other] = [await exported(0), await exported(0)];

    expect(await attempt({ ...one, manifest: other.manifest })).toMatchObject({
      error: { what: expect.stringContaining(other.manifest), why: expect.stringContaining("its exportArn is") },
    });
  });
});

describe("when the line breaks in the middle of a file", () => {
  /** Cuts bodies of data files after some bytes, so many times. */
  function cutting(times: number): Pick<S3Client, "send"> {
    let left = times;
    const send = async (command: GetObjectCommand, options?: object) => {
      const answer = await s3.send(command, options);
      if (!(command.input.Key?.endsWith(".gz") && command.input.IfMatch !== undefined) || left-- <= 0) {
        return answer;
      }
      const bytes = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
      const Body = Readable.from(
        (async function* () {
          yield bytes.subarray(0, Math.floor(bytes.length / 2));
          throw Object.assign(new Error("aborted"), { code: "ECONNRESET" });
        })(),
      );
      return { ...answer, Body };
    };
    return { send } as unknown as Pick<S3Client, "send">;
  }

  test("it is read again, and nothing is told twice", async () => {
    const finished = await exported(300);
    const reader = new DynamoTableExports({ dynamodb, s3: cutting(2) }, { clock });

    const changes = await collect(reader.changes(finished));

    expect(changes).toHaveLength(302);
    expect(byId(changes).size).toBe(302);
  });

  test("it is given up after three times", async () => {
    const reader = new DynamoTableExports({ dynamodb, s3: cutting(3) }, { clock });

    await expect(collect(reader.changes(await exported()))).rejects.toMatchObject({
      ...{ kind: "unreachable", why: expect.stringContaining("the line broke 3 times") },
    });
  });

  test("one that brings nothing any more is given up, too, and Ctrl-C ends it at once", async () => {
    const send = async (command: GetObjectCommand) => {
      if (command.input.Key?.endsWith(".gz")) {
        return { ETag: '"tag"', Body: new Readable({ read() {} }) };
      }
      return s3.send(command);
    };
    const silent = { send } as unknown as Pick<S3Client, "send">;
    const finished = await exported(0);

    await expect(
      collect(new DynamoTableExports({ dynamodb, s3: silent }, { clock, idleMs: 20 }).changes(finished)),
    ).rejects.toMatchObject({ kind: "unreachable", why: expect.stringContaining("nothing came for") });

    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    await expect(
      collect(new DynamoTableExports({ dynamodb, s3: silent }, { clock }).changes(finished, abort.signal)),
    ).rejects.toMatchObject({ kind: "interrupted" });
  });
});

test("Ctrl-C before the first byte leaves no failure that nobody waits for", async () => {
  const finished = await exported(3);
  const unheard: unknown[] = [];
  const listen = (reason: unknown) => unheard.push(reason);
  process.on("unhandledRejection", listen);
  const abort = new AbortController();
  const bodies: Readable[] = [];
  const send = async (command: GetObjectCommand) => {
    if (!command.input.Key?.endsWith(".gz")) {
      return s3.send(command);
    }
    // The answer has come, and its body has not: it breaks when it is thrown away.
    abort.abort();
    const Body = new Readable({ read() {} });
    bodies.push(Body);
    return { ETag: '"tag"', Body };
  };
  try {
    const silent = { send } as unknown as Pick<S3Client, "send">;
    const reader = new DynamoTableExports({ dynamodb, s3: silent }, { clock });
    await expect(collect(reader.changes(finished, abort.signal))).rejects.toMatchObject({ kind: "interrupted" });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(unheard).toEqual([]);
  } finally {
    process.off("unhandledRejection", listen);
  }
  expect(bodies.every(({ destroyed }) => destroyed)).toBe(true);
});

test("whoever stops reading leaves no connection behind", async () => {
  const finished = await exported(300);
  const few = new S3Client({
    ...fixture.client,
    forcePathStyle: true,
    requestHandler: { httpAgent: { maxSockets: 2 } },
  });
  const reader = new DynamoTableExports({ dynamodb, s3: few }, { clock });

  for (let round = 0; round < 4; round += 1) {
    for await (const _ of reader.changes(finished)) {
      break;
    }
  }

  expect(await collect(reader.changes(finished))).toHaveLength(302);
  few.destroy();
});
