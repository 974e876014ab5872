import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  UpdateContinuousBackupsCommand,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, type GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { ExportedChange } from "@slipway/release-engine";
import { expect, test } from "vitest";
import { localAwsFixture } from "../test/local-aws-fixture.ts";
import { DynamoTableExports } from "./dynamo-table-exports.ts";

const MEGABYTE = 1024 * 1024;
const HOUR_MS = 3_600_000;

/** Counts what is told, and watches how far the memory grows meanwhile. */
async function drain(changes: AsyncIterable<ExportedChange>) {
  const start = process.memoryUsage();
  const begun = performance.now();
  let [count, heap] = [0, 0];
  for await (const _ of changes) {
    count += 1;
    if (count % 500 === 0) {
      heap = Math.max(heap, process.memoryUsage().heapUsed - start.heapUsed);
    }
  }
  return { count, heapMegabytes: heap / MEGABYTE, seconds: (performance.now() - begun) / 1000 };
}

test("5,000 changes of a table of 100,000 items are exported and read in seconds", async () => {
  const fixture = await localAwsFixture();
  const dynamodb = new DynamoDBClient(fixture.client);
  const s3 = new S3Client({ ...fixture.client, forcePathStyle: true });
  const table = "items";
  const write = async (ids: readonly number[], value: string) => {
    for (let start = 0; start < ids.length; start += 500) {
      await Promise.all(
        Array.from({ length: 20 }, (_, batch) => ids.slice(start + batch * 25, start + batch * 25 + 25))
          .filter((batch) => batch.length > 0)
          .map((batch) => {
            const requests = batch.map((id): WriteRequest => {
              const Item = { id: { S: `item-${id}` }, value: { S: value }, filler: { S: "x".repeat(300) } };
              return { PutRequest: { Item } };
            });
            return dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
          }),
      );
    }
  };
  const all = Array.from({ length: 100_000 }, (_, id) => id);
  const changed = all.filter((id) => id % 20 === 0);
  try {
    await s3.send(new CreateBucketCommand({ Bucket: "exports" }));
    await dynamodb.send(
      new CreateTableCommand({
        ...{ TableName: table, BillingMode: "PAY_PER_REQUEST" },
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      }),
    );
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName: table, PointInTimeRecoverySpecification }));
    await write(all, "good");
    await fixture.localAws.advanceClock(HOUR_MS);
    const from = Math.floor((Date.now() + HOUR_MS) / 1000) * 1000 + 2000;
    await fixture.localAws.advanceClock(3000);
    await write(changed, "bad");
    await fixture.localAws.advanceClock(HOUR_MS);

    const exports = new DynamoTableExports({ dynamodb, s3 });
    const begun = performance.now();
    const arn = await exports.start({ ...{ table, from, to: from + HOUR_MS / 2 }, bucket: "exports", token: "soak" });
    const finished = await exports.finished(arn);
    const exported = (performance.now() - begun) / 1000;
    const read = await drain(exports.changes(finished));

    console.log({ exported, ...read });
    expect(read.count).toBe(5_000);
    expect(exported).toBeLessThan(30);
    expect(read.seconds).toBeLessThan(30);
  } finally {
    dynamodb.destroy();
    s3.destroy();
    await fixture.close();
  }
}, 600_000);

test("memory does not grow with an export: 100 MB of changes are read in less than 48 MB", async () => {
  const items = 50_000;
  const key = "AWSDynamoDB/data/large.json.gz";
  const line = (id: number) => {
    const Keys = { id: { S: String(id) } };
    const NewImage = { ...Keys, filler: { S: `${id}`.padEnd(1900, "x") } };
    return `${JSON.stringify({ Metadata: { WriteTimestampMicros: { N: "1680109764000000" } }, Keys, NewImage })}\n`;
  };
  // Made anew each time it is read: it must not be in memory either.
  const large = () =>
    Readable.from(
      (function* () {
        for (let id = 0; id < items; id += 100) {
          yield Array.from({ length: 100 }, (_, index) => line(id + index)).join("");
        }
      })(),
    ).pipe(createGzip({ level: 1 }));
  const hash = createHash("md5");
  for await (const chunk of large()) {
    hash.update(chunk);
  }
  const arn = "arn:aws:dynamodb:us-east-1:123456789012:table/t/export/01680109764000-00000000";
  const [from, to] = ["2023-03-29T17:00:00.000Z", "2023-03-29T18:00:00.000Z"];
  const files = `${JSON.stringify({ itemCount: items, md5Checksum: hash.digest("base64"), etag: "", dataFileS3Key: key })}\n`;
  const summary = JSON.stringify({
    ...{ exportArn: arn, exportFromTime: from, exportToTime: to, itemCount: items, manifestFilesS3Key: "files.json" },
    ...{ outputFormat: "DYNAMODB_JSON", outputView: "NEW_AND_OLD_IMAGES", exportType: "INCREMENTAL_EXPORT" },
  });
  const texts: Record<string, string> = { "files.json": files, "summary.json": summary };
  const send = async ({ input: { Key = "" } }: GetObjectCommand) => {
    const text =
      texts[Key] ??
      createHash("md5")
        .update(texts[Key.replace(".md5", ".json")] ?? "")
        .digest("base64");
    return { ETag: '"tag"', Body: Key === key ? large() : Readable.from([Buffer.from(text)]) };
  };
  const exports = new DynamoTableExports({
    dynamodb: new DynamoDBClient({ region: "us-east-1" }),
    s3: { send } as unknown as S3Client,
  });

  const read = await drain(
    exports.changes({ arn, bucket: "b", manifest: "summary.json", from: Date.parse(from), to: Date.parse(to), items }),
  );

  console.log(read);
  expect(read.count).toBe(items);
  expect(read.heapMegabytes).toBeLessThan(48);
}, 300_000);
