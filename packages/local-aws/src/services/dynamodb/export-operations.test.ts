import { createHash } from "node:crypto";
import {
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeExportCommand,
  type DynamoDBClient,
  ListExportsCommand,
  PutItemCommand,
  UpdateContinuousBackupsCommand,
} from "@aws-sdk/client-dynamodb";
import {
  GetObjectAttributesCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createS3 } from "../s3/create-s3.ts";
import { createDynamoDb } from "./create-dynamodb.ts";
import { itemsTable } from "./start-dynamodb.ts";
import { type StartedExports, startExports } from "./start-exports.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
let started: StartedExports;
let TableArn: string;
let client: DynamoDBClient;

beforeEach(async () => {
  started = await startExports();
  client = started.db.client;
  TableArn = await started.recoverable("items");
});

afterEach(() => started.close());

const put = (id: string, value: string) =>
  client.send(new PutItemCommand({ TableName: "items", Item: { id: { S: id }, value: { S: value } } }));
const remove = (id: string) => client.send(new DeleteItemCommand({ TableName: "items", Key: { id: { S: id } } }));
const seconds = (at: number) => new Date(Math.ceil(at / 1000) * 1000);
const linesOf = (files: readonly { lines: readonly string[] }[]) =>
  files.flatMap(({ lines }) => lines.map((line) => JSON.parse(line)));

/** The past hour as a window, in which `work` is done. */
async function windowWith(work: () => Promise<unknown>) {
  const { clock } = started.core;
  await clock.advance(1000);
  const ExportFromTime = seconds(clock.now());
  await clock.advance(ExportFromTime.getTime() - clock.now());
  await work();
  await clock.advance(HOUR_MS);
  return { ExportFromTime, ExportToTime: new Date(Math.floor(clock.now() / 1000) * 1000) };
}

test("a full export has AWS's layout, manifests and checksums", async () => {
  await Promise.all(Array.from({ length: 40 }, (_, index) => put(`i${index}`, `v${index}`)));

  const begun = await started.start({ TableArn, S3Prefix: "nightly", ClientToken: "one" });
  const ended = await started.end(begun.ExportArn);

  expect(begun).toMatchObject({
    ...{ ExportStatus: "IN_PROGRESS", ExportType: "FULL_EXPORT", ExportFormat: "DYNAMODB_JSON", TableArn },
    ...{ S3Bucket: "exports", S3Prefix: "nightly", S3SseAlgorithm: "AES256", ClientToken: "one" },
  });
  expect(begun.ExportArn).toMatch(new RegExp(`^${TableArn}/export/0\\d{13}-[0-9a-f]{8}$`));
  expect(ended).toMatchObject({ ExportStatus: "COMPLETED", ItemCount: 40, BilledSizeBytes: expect.any(Number) });
  const id = begun.ExportArn?.split("/").at(-1);
  const folder = `nightly/AWSDynamoDB/${id}`;
  expect(ended.ExportManifest).toBe(`${folder}/manifest-summary.json`);
  const listed = await started.s3.send(new ListObjectsV2Command({ Bucket: "exports" }));
  expect(listed.Contents?.map(({ Key }) => Key?.replace(/\/[a-z2-7]{26}\./, "/DATA."))).toEqual([
    `${folder}/_started`,
    ...Array.from({ length: 4 }, () => `${folder}/data/DATA.json.gz`),
    `${folder}/manifest-files.json`,
    `${folder}/manifest-files.md5`,
    `${folder}/manifest-summary.json`,
    `${folder}/manifest-summary.md5`,
  ]);
  for (const name of ["files", "summary"]) {
    const md5 = createHash("md5")
      .update(await started.read(`${folder}/manifest-${name}.json`))
      .digest("base64");
    expect((await started.read(`${folder}/manifest-${name}.md5`)).toString()).toBe(md5);
  }
  expect(JSON.parse((await started.read(`${folder}/manifest-summary.json`)).toString())).toEqual({
    version: "2020-06-30",
    exportArn: begun.ExportArn,
    startTime: begun.StartTime?.toISOString(),
    endTime: ended.EndTime?.toISOString(),
    tableArn: TableArn,
    tableId: begun.TableId,
    exportTime: begun.ExportTime?.toISOString(),
    s3Bucket: "exports",
    s3Prefix: "nightly",
    s3SseAlgorithm: "AES256",
    s3SseKmsKeyId: null,
    manifestFilesS3Key: `${folder}/manifest-files.json`,
    billedSizeBytes: ended.BilledSizeBytes,
    itemCount: 40,
    outputFormat: "DYNAMODB_JSON",
  });
  const files = await started.filesOf(ended);
  for (const file of files) {
    const bytes = await started.read(file.dataFileS3Key);
    const md5 = createHash("md5").update(bytes).digest();
    expect(file.md5Checksum).toBe(md5.toString("base64"));
    expect(file.etag).toBe(`${createHash("md5").update(md5).digest("hex")}-1`);
    expect(file.itemCount).toBe(file.lines.length);
    const attributes = await started.s3.send(
      new GetObjectAttributesCommand({ Bucket: "exports", Key: file.dataFileS3Key, ObjectAttributes: ["ETag"] }),
    );
    expect(attributes.ETag).toBe(file.etag);
  }
  expect(linesOf(files)).toHaveLength(40);
  expect(linesOf(files)).toContainEqual({ Item: { id: { S: "i7" }, value: { S: "v7" } } });
});

test("a full export of an earlier second has the items of that second", async () => {
  await put("old", "1");
  await put("gone", "1");
  await started.core.clock.advance(2000);
  const ExportTime = seconds(started.core.clock.now());
  await started.core.clock.advance(2000);
  await put("old", "2");
  await put("new", "1");
  await remove("gone");

  const ended = await started.end((await started.start({ TableArn, ExportTime })).ExportArn);

  const lines = linesOf(await started.filesOf(ended));
  expect(lines).toHaveLength(2);
  expect(lines).toEqual(
    expect.arrayContaining([
      { Item: { id: { S: "old" }, value: { S: "1" } } },
      { Item: { id: { S: "gone" }, value: { S: "1" } } },
    ]),
  );
});

describe("an incremental export", () => {
  /** What the documentation says of each kind of change, in both views. */
  const arrange = async () => {
    await Promise.all(["updated", "deleted", "replaced", "untouched"].map((id) => put(id, "before")));
    return windowWith(async () => {
      await put("inserted", "first");
      await put("inserted", "last");
      await put("updated", "between");
      await put("updated", "after");
      await remove("deleted");
      await remove("replaced");
      await put("replaced", "again");
      await put("fleeting", "here");
      await remove("fleeting");
    });
  };
  const image = (id: string, value: string) => ({ id: { S: id }, value: { S: value } });
  const byId = (lines: { Keys: { id: { S: string } }; Metadata: { WriteTimestampMicros: { N: string } } }[]) =>
    Object.fromEntries(lines.map((line) => [line.Keys.id.S, line]));

  test("has the first old and the last new image of each changed item, and nothing of one that came and went", async () => {
    const window = await arrange();
    await put("updated", "later");

    const begun = await started.start({
      ...{ TableArn, ExportType: "INCREMENTAL_EXPORT", IncrementalExportSpecification: window },
    });
    const ended = await started.end(begun.ExportArn);

    const files = await started.filesOf(ended);
    const lines = byId(linesOf(files));
    const Metadata = { WriteTimestampMicros: { N: expect.stringMatching(/^\d{16}$/) } };
    const Keys = (id: string) => ({ id: { S: id } });
    expect(lines).toEqual({
      inserted: { Metadata, Keys: Keys("inserted"), NewImage: image("inserted", "last") },
      updated: {
        ...{ Metadata, Keys: Keys("updated") },
        ...{ OldImage: image("updated", "before"), NewImage: image("updated", "after") },
      },
      deleted: { Metadata, Keys: Keys("deleted"), OldImage: image("deleted", "before") },
      replaced: {
        ...{ Metadata, Keys: Keys("replaced") },
        ...{ OldImage: image("replaced", "before"), NewImage: image("replaced", "again") },
      },
    });
    expect(Object.keys(lines.updated as object)).toEqual(["Metadata", "Keys", "OldImage", "NewImage"]);
    const at = Number(lines.updated?.Metadata.WriteTimestampMicros.N) / 1000;
    expect(at).toBeGreaterThanOrEqual(window.ExportFromTime.getTime());
    expect(at).toBeLessThan(window.ExportToTime.getTime());

    const id = begun.ExportArn?.split("/").at(-1);
    expect(ended).toMatchObject({ ItemCount: 4, BilledSizeBytes: 10_000_000, StartTime: expect.any(Date) });
    expect(files.map(({ dataFileS3Key }) => dataFileS3Key)).toEqual(
      Array.from({ length: 4 }, () => expect.stringMatching(/^AWSDynamoDB\/data\/[a-z2-7]{26}\.json\.gz$/)),
    );
    expect(JSON.parse((await started.read(`AWSDynamoDB/${id}/manifest-summary.json`)).toString())).toEqual({
      version: "2023-08-01",
      exportArn: begun.ExportArn,
      startTime: begun.StartTime?.toISOString(),
      endTime: ended.EndTime?.toISOString(),
      tableArn: TableArn,
      tableId: begun.TableId,
      exportFromTime: window.ExportFromTime.toISOString(),
      exportToTime: window.ExportToTime.toISOString(),
      s3Bucket: "exports",
      s3Prefix: null,
      s3SseAlgorithm: "AES256",
      s3SseKmsKeyId: null,
      manifestFilesS3Key: `AWSDynamoDB/${id}/manifest-files.json`,
      billedSizeBytes: 10_000_000,
      itemCount: 4,
      outputFormat: "DYNAMODB_JSON",
      outputView: "NEW_AND_OLD_IMAGES",
      exportType: "INCREMENTAL_EXPORT",
    });
  });

  test("leaves old images out when only new ones are asked for", async () => {
    const window = await arrange();

    const begun = await started.start({
      ...{ TableArn, ExportType: "INCREMENTAL_EXPORT" },
      IncrementalExportSpecification: { ...window, ExportViewType: "NEW_IMAGE" },
    });
    const lines = byId(linesOf(await started.filesOf(await started.end(begun.ExportArn))));

    expect(Object.keys(lines).sort()).toEqual(["deleted", "inserted", "replaced", "updated"]);
    expect(Object.keys(lines.deleted as object)).toEqual(["Metadata", "Keys"]);
    expect(Object.keys(lines.updated as object)).toEqual(["Metadata", "Keys", "NewImage"]);
  });

  test("lasts 15 minutes to 24 hours, within what is kept", async () => {
    const { clock } = started.core;
    await clock.advance(1000);
    const begin = seconds(clock.now()).getTime();
    await clock.advance(30 * HOUR_MS);
    const start = (from: number, to: number) =>
      started.start({
        ...{ TableArn, ExportType: "INCREMENTAL_EXPORT" },
        IncrementalExportSpecification: { ExportFromTime: new Date(from), ExportToTime: new Date(to) },
      });
    const refusal = (message: string) => ({ name: "InvalidExportTimeException", message });
    const between = "Difference between export period from time and to time is";

    await expect(start(begin, begin + 15 * MINUTE_MS - 1000)).rejects.toMatchObject(
      refusal(`${between} less than 15 minutes`),
    );
    await expect(start(begin, begin + 24 * HOUR_MS + 1000)).rejects.toMatchObject(
      refusal(`${between} greater than 24 hours`),
    );
    await expect(start(begin - 5000, begin + HOUR_MS)).rejects.toMatchObject(refusal("Export From Time is invalid"));
    await expect(start(clock.now() - HOUR_MS, clock.now() + MINUTE_MS)).rejects.toMatchObject(
      refusal("Export To Time is invalid"),
    );
    await expect(start(begin, begin + 15 * MINUTE_MS)).resolves.toMatchObject({ ExportStatus: "IN_PROGRESS" });
    await expect(start(begin, begin + 24 * HOUR_MS)).resolves.toMatchObject({ ExportStatus: "IN_PROGRESS" });
  });
});

test("the same token is the same export for eight hours", async () => {
  const input = { TableArn, ClientToken: "token" };
  const first = await started.start(input);

  expect((await started.start(input)).ExportArn).toBe(first.ExportArn);
  await expect(started.start({ ...input, S3SseAlgorithm: "AES256" })).rejects.toMatchObject({
    name: "ExportConflictException",
    message: expect.stringContaining("Duplicate request detected"),
  });
  await started.end(first.ExportArn);
  expect(await started.start(input)).toMatchObject({ ExportArn: first.ExportArn, ExportStatus: "COMPLETED" });
  await started.core.clock.advance(8 * HOUR_MS);
  expect((await started.start(input)).ExportArn).not.toBe(first.ExportArn);
});

test("what cannot be exported is refused at once, with AWS's errors", async () => {
  await client.send(new CreateTableCommand(itemsTable("plain")));
  const plain = TableArn.replace("items", "plain");
  const incremental = { TableArn, ExportType: "INCREMENTAL_EXPORT" } as const;
  const ExportFromTime = new Date(started.core.clock.now());

  for (const [input, name, message] of [
    [{ TableArn: plain }, "PointInTimeRecoveryUnavailableException", "not enabled for table 'plain'"],
    [{ TableArn: `${TableArn}x` }, "TableNotFoundException", "Table not found"],
    [{ TableArn: "items" }, "ValidationException", "Invalid table ARN"],
    [{ TableArn, S3Bucket: "" }, "ValidationException", "s3Bucket"],
    [{ TableArn, S3Prefix: "" }, "ValidationException", "s3Prefix"],
    [{ TableArn, ExportFormat: "CSV" as never }, "ValidationException", "exportFormat"],
    [{ TableArn, ExportFormat: "ION" as const }, "NotImplemented", "ExportFormat ION"],
    [{ TableArn, FilterSpecification: { FilterExpression: "a = :b" } }, "NotImplemented", "FilterSpecification"],
    [{ TableArn, ExportTime: new Date(Date.now() - 7 * 24 * HOUR_MS) }, "InvalidExportTimeException", "Export Time is"],
    [{ TableArn, ExportTime: new Date(Date.now() + HOUR_MS) }, "InvalidExportTimeException", "Export Time is invalid"],
    [incremental, "ValidationException", "IncrementalExportSpecification must be"],
    [{ ...incremental, IncrementalExportSpecification: {} }, "ValidationException", "ExportFromTime"],
    [{ TableArn, IncrementalExportSpecification: { ExportFromTime } }, "ValidationException", "can be specified only"],
    [{ TableArn, S3SseKmsKeyId: "key" }, "ValidationException", "S3SseKmsKeyId"],
  ] as const) {
    await expect(started.start(input), JSON.stringify(input)).rejects.toMatchObject({
      name,
      message: expect.stringContaining(message),
    });
  }
  await expect(client.send(new DescribeExportCommand({ ExportArn: TableArn }))).rejects.toMatchObject({
    ...{ name: "ValidationException", message: "Invalid Export ARN" },
  });
  const ExportArn = `${TableArn}/export/01604632434040-0a1b2c3d`;
  await expect(client.send(new DescribeExportCommand({ ExportArn }))).rejects.toMatchObject({
    name: "ExportNotFoundException",
  });
  expect(await client.send(new ListExportsCommand({}))).toMatchObject({ ExportSummaries: [] });
});

test("what S3 refuses makes the export fail after its start", async () => {
  const failureOf = async (input: Parameters<StartedExports["start"]>[0]) => {
    const begun = await started.start(input);
    expect(begun.ExportStatus).toBe("IN_PROGRESS");
    return started.end(begun.ExportArn);
  };

  expect(await failureOf({ TableArn, S3Bucket: "nowhere" })).toMatchObject({
    ExportStatus: "FAILED",
    FailureCode: "S3NoSuchBucket",
    FailureMessage: expect.stringContaining(
      "The specified bucket does not exist (Service: Amazon S3; Status Code: 404; Error Code: NoSuchBucket;",
    ),
  });
  expect(await failureOf({ TableArn, S3BucketOwner: "123456789012" })).toMatchObject({
    ...{ ExportStatus: "FAILED", FailureCode: "S3AccessDenied", S3BucketOwner: "123456789012" },
  });
});

test.each([
  [
    "PointInTimeRecoveryUnavailableException",
    () =>
      client.send(
        new UpdateContinuousBackupsCommand({
          TableName: "items",
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
        }),
      ),
  ],
  ["TableNotFoundException", () => client.send(new DeleteTableCommand({ TableName: "items" }))],
])("an export whose source ends under it fails: %s", async (FailureCode, work) => {
  const begun = await started.start({ TableArn });
  await work();

  expect(await started.end(begun.ExportArn)).toMatchObject({ ExportStatus: "FAILED", FailureCode });
});

test("exports are listed by table, oldest first, page by page", async () => {
  const other = await started.recoverable("others");
  const arns: (string | undefined)[] = [];
  for (let index = 0; index < 3; index += 1) {
    arns.push((await started.start({ TableArn })).ExportArn);
    await started.core.clock.advance(10);
  }
  await started.start({ TableArn: other });
  await started.end(arns[2]);

  const first = await client.send(new ListExportsCommand({ TableArn, MaxResults: 2 }));
  const second = await client.send(new ListExportsCommand({ TableArn, MaxResults: 2, NextToken: first.NextToken }));
  const all = await client.send(new ListExportsCommand({}));

  expect([...(first.ExportSummaries ?? []), ...(second.ExportSummaries ?? [])]).toEqual(
    arns.map((ExportArn) => ({ ExportArn, ExportStatus: "COMPLETED", ExportType: "FULL_EXPORT" })),
  );
  expect(second.NextToken).toBeUndefined();
  expect(all.ExportSummaries).toHaveLength(4);
});

test("an export that local AWS was stopped in is carried out after its next start, even when its window is too old by then", async () => {
  const { core } = started;
  const specification = { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 1 };
  await client.send(
    new UpdateContinuousBackupsCommand({ TableName: "items", PointInTimeRecoverySpecification: specification }),
  );
  const window = await windowWith(() => put("a", "1"));
  const begun = await started.start({
    ...{ TableArn, ExportType: "INCREMENTAL_EXPORT", IncrementalExportSpecification: window },
  });
  await started.db.dynamodb.service.close?.();
  await core.clock.advance(48 * HOUR_MS);

  const again = await createDynamoDb(core, { metrics: { record: () => {} }, objects: createS3(core).writer });
  await core.clock.advance(2 * HOUR_MS);
  const describeExport = again.service.operations.DescribeExport as (input: object, context: object) => unknown;
  const described = describeExport({ ExportArn: begun.ExportArn }, core.context());
  await again.service.close?.();

  expect(described).toMatchObject({ ExportDescription: { ExportStatus: "COMPLETED", ItemCount: 1 } });
});

test("data is encrypted as asked for", async () => {
  await started.s3.send(
    new PutBucketEncryptionCommand({
      Bucket: "exports",
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      },
    }),
  );
  const S3SseKmsKeyId = "arn:aws:kms:us-east-1:000000000000:key/k1";

  const ended = await started.end((await started.start({ TableArn, S3SseAlgorithm: "KMS", S3SseKmsKeyId })).ExportArn);

  expect(await started.s3.send(new HeadObjectCommand({ Bucket: "exports", Key: ended.ExportManifest }))).toMatchObject({
    ServerSideEncryption: "aws:kms",
    SSEKMSKeyId: S3SseKmsKeyId,
  });
  const summary = JSON.parse((await started.read(ended.ExportManifest ?? "")).toString());
  expect(summary).toMatchObject({ s3SseAlgorithm: "KMS", s3SseKmsKeyId: S3SseKmsKeyId });
});
