import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { gunzipSync, gzipSync } from "node:zlib";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { ExportedChange, FinishedExport } from "@slipway/release-engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect } from "../test/collect.ts";
import { ExportsLab } from "../test/exports-lab.ts";
import { DynamoTableExports } from "./dynamo-table-exports.ts";

// What is read of an export that was made: files that are not whole, lines that break, and readers that stop.

let lab: ExportsLab;
let dynamodb: DynamoDBClient;
let s3: S3Client;
let exports: DynamoTableExports;

beforeAll(async () => {
  lab = await ExportsLab.open();
  ({ dynamodb, s3, exports } = lab);
});

afterAll(() => lab?.close());

const byId = (changes: readonly ExportedChange[]) => new Map(changes.map((change) => [change.key.id, change]));

describe("a file that is not whole is an error that names it", () => {
  const keysOf = async (finished: FinishedExport) => {
    const Prefix = finished.manifest.split("/")[0];
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: lab.bucket, Prefix }));
    return Contents.map(({ Key = "" }) => Key).filter((key) => !key.endsWith("_started"));
  };
  const bytesOf = async (Key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: lab.bucket, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const overwrite = (Key: string, Body: Uint8Array | string) =>
    s3.send(new PutObjectCommand({ Bucket: lab.bucket, Key, Body }));
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
    const finished = await lab.exported();
    const keys = await keysOf(finished);
    expect(keys).toHaveLength(8);
    for (const key of keys) {
      const whole = await bytesOf(key);
      const turned = Buffer.from(whole);
      turned[Math.floor(turned.length / 2)] = (turned[Math.floor(turned.length / 2)] as number) ^ 1;
      // A checksum file that is wrong speaks of the manifest that it belongs to.
      const named = key.replace(/\.md5$/, "");
      for (const damage of [
        () => s3.send(new DeleteObjectCommand({ Bucket: lab.bucket, Key: key })),
        () => overwrite(key, whole.subarray(0, -3)),
        () => overwrite(key, turned),
      ]) {
        await damage();
        expect(await attempt(finished), key).toMatchObject({
          told: 0,
          error: { name: "ReleaseError", what: expect.stringContaining(`s3://${lab.bucket}/${named}`) },
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
    const finished = await lab.exported();
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
    const finished = await lab.exported();
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
    const [one, other] = [await lab.exported(0), await lab.exported(0)];

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
    const finished = await lab.exported(300);
    const reader = new DynamoTableExports({ dynamodb, s3: cutting(2) }, { clock: lab.clock });

    const changes = await collect(reader.changes(finished));

    expect(changes).toHaveLength(302);
    expect(byId(changes).size).toBe(302);
  });

  test("it is given up after three times", async () => {
    const reader = new DynamoTableExports({ dynamodb, s3: cutting(3) }, { clock: lab.clock });

    await expect(collect(reader.changes(await lab.exported()))).rejects.toMatchObject({
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
    const finished = await lab.exported(0);

    await expect(
      collect(new DynamoTableExports({ dynamodb, s3: silent }, { clock: lab.clock, idleMs: 20 }).changes(finished)),
    ).rejects.toMatchObject({ kind: "unreachable", why: expect.stringContaining("nothing came for") });

    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    await expect(
      collect(new DynamoTableExports({ dynamodb, s3: silent }, { clock: lab.clock }).changes(finished, abort.signal)),
    ).rejects.toMatchObject({ kind: "interrupted" });
  });
});

test("Ctrl-C before the first byte leaves no failure that nobody waits for", async () => {
  const finished = await lab.exported(3);
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
    const reader = new DynamoTableExports({ dynamodb, s3: silent }, { clock: lab.clock });
    await expect(collect(reader.changes(finished, abort.signal))).rejects.toMatchObject({ kind: "interrupted" });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(unheard).toEqual([]);
  } finally {
    process.off("unhandledRejection", listen);
  }
  expect(bodies.every(({ destroyed }) => destroyed)).toBe(true);
});

test("whoever stops reading leaves no connection behind", async () => {
  const finished = await lab.exported(300);
  const few = new S3Client({
    ...lab.fixture.client,
    forcePathStyle: true,
    requestHandler: { httpAgent: { maxSockets: 2 } },
  });
  const reader = new DynamoTableExports({ dynamodb, s3: few }, { clock: lab.clock });

  for (let round = 0; round < 4; round += 1) {
    for await (const _ of reader.changes(finished)) {
      break;
    }
  }

  expect(await collect(reader.changes(finished))).toHaveLength(302);
  few.destroy();
});
