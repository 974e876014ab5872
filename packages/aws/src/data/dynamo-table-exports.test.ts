import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ExportedChange } from "@slipway/release-engine";
import { ManualClock } from "@slipway/testing";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { collect } from "../test/collect.ts";
import { ExportsLab } from "../test/exports-lab.ts";
import type { LocalAwsFixture } from "../test/local-aws-fixture.ts";
import { DynamoTableExports } from "./dynamo-table-exports.ts";

let lab: ExportsLab;
let fixture: LocalAwsFixture;
let dynamodb: DynamoDBClient;
let s3: S3Client;
let exports: DynamoTableExports;

beforeAll(async () => {
  lab = await ExportsLab.open();
  ({ fixture, dynamodb, s3, exports } = lab);
});

afterEach(() => fixture.clearFaults());

afterAll(() => lab?.close());

const byId = (changes: readonly ExportedChange[]) => new Map(changes.map((change) => [change.key.id, change]));

test("tells what every item was before and after, to the last bit", async () => {
  const { request, everything } = await lab.arrange();

  const finished = await exports.finished(await exports.start(request));
  const changes = byId(await collect(exports.changes(finished)));

  expect(finished).toMatchObject({ bucket: lab.bucket, from: request.from, to: request.to, items: 32 });
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
  const { request } = await lab.arrange(0);
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
  const plain = await lab.recoverable(false);
  const { request } = await lab.arrange(0);

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
    const { request } = await lab.arrange(0);
    const arn = await exports.start(request);
    const hasty = new DynamoTableExports({ dynamodb, s3 }, { clock: new ManualClock() });

    await expect(hasty.finished(arn, { withinMs: 1500 })).rejects.toMatchObject({
      ...{ kind: "timeout", why: expect.stringContaining(arn) },
    });
    expect(await exports.finished(arn)).toMatchObject({ arn });
  });

  test("ends when it is asked to stop", async () => {
    const { request } = await lab.arrange(0);
    const arn = await exports.start(request);
    const abort = new AbortController();
    const waiting = new DynamoTableExports(
      { dynamodb, s3 },
      { clock: { now: () => Date.now(), sleep: async () => abort.abort() } },
    );

    await expect(waiting.finished(arn, { signal: abort.signal })).rejects.toMatchObject({ kind: "interrupted" });
  });

  test("survives looks that fail", async () => {
    const { request } = await lab.arrange(0);
    const arn = await exports.start(request);
    await fixture.plantFault({ kind: "throttle", service: "dynamodb", operation: "DescribeExport", remaining: 3 });
    const impatient = new DynamoDBClient({ ...fixture.client, maxAttempts: 1 });

    expect(await new DynamoTableExports({ dynamodb: impatient, s3 }, { clock: lab.clock }).finished(arn)).toMatchObject(
      { arn },
    );
    impatient.destroy();
  });
});
