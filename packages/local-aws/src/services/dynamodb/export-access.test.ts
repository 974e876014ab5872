import { DescribeExportCommand, DynamoDBClient, ListExportsCommand } from "@aws-sdk/client-dynamodb";
import { PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allow, type EnforcedCore, enforcedCore, policy, type Statement } from "../../test/enforced-core.ts";
import { type StartedExports, startExports } from "./start-exports.ts";

const OBJECTS = "arn:aws:s3:::exports/*";
let enforced: EnforcedCore;
let started: StartedExports;
let TableArn: string;

beforeAll(async () => {
  enforced = enforcedCore();
  started = await startExports(enforced.core);
  TableArn = await started.recoverable("items");
});

afterAll(() => started.close());

async function as<T>(statements: readonly Statement[], work: (client: DynamoDBClient) => Promise<T>): Promise<T> {
  const credentials = enforced.role("exporter", ...statements);
  const client = new DynamoDBClient({ ...started.db.served.client, credentials, maxAttempts: 1 });
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

/** How an export ends that a role with these rights starts. */
const exportAs = (...statements: Statement[]) =>
  as(statements, async (client) => started.end((await started.start({ TableArn }, client)).ExportArn));

test("an export needs the right to export the table", async () => {
  const refused = exportAs(allow(["s3:*", "dynamodb:*Item"], "*"));

  await expect(refused).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining(`dynamodb:ExportTableToPointInTime on resource: ${TableArn}`),
  });
});

test("the objects are written with the rights of whoever asked for the export", async () => {
  const mayExport = allow("dynamodb:ExportTableToPointInTime", TableArn);
  const mayWrite = allow(["s3:PutObject", "s3:PutObjectAcl"], OBJECTS);
  const denied = { ExportStatus: "FAILED", FailureCode: "S3AccessDenied" };

  expect(await exportAs(mayExport)).toMatchObject({
    ...denied,
    FailureMessage: expect.stringMatching(
      /s3:PutObject .*Service: Amazon S3; Status Code: 403; Error Code: AccessDenied/,
    ),
  });
  expect(await exportAs(mayExport, allow("s3:PutObject", OBJECTS))).toMatchObject(denied);
  expect(await exportAs(mayExport, mayWrite)).toMatchObject({ ExportStatus: "COMPLETED" });
  const direct = { ...mayWrite, Condition: { Bool: { "aws:ViaAWSService": "false" } } };
  expect(await exportAs(mayExport, direct)).toMatchObject(denied);
  const onlyForDynamo = { ...mayWrite, Condition: { StringEquals: { "aws:CalledViaLast": "dynamodb.amazonaws.com" } } };
  expect(await exportAs(mayExport, onlyForDynamo)).toMatchObject({ ExportStatus: "COMPLETED" });
});

test("a bucket's policy can deny an export what the caller's own rights allow", async () => {
  const Principal = { AWS: "arn:aws:iam::000000000000:role/exporter" };
  const deny = { Effect: "Deny", Principal, Action: "s3:PutObject", Resource: "arn:aws:s3:::exports/*/data/*" };
  await started.s3.send(new PutBucketPolicyCommand({ Bucket: "exports", Policy: policy(deny) }));

  const ended = await exportAs(
    allow("dynamodb:ExportTableToPointInTime", TableArn),
    allow(["s3:PutObject", "s3:PutObjectAcl"], OBJECTS),
  );

  expect(ended).toMatchObject({ ExportStatus: "FAILED", FailureCode: "S3AccessDenied" });
});

test("to look at exports is a right of its own", async () => {
  const { ExportArn } = await started.start({ TableArn });
  const look = (...statements: Statement[]) =>
    as(statements, async (client) => {
      await client.send(new DescribeExportCommand({ ExportArn }));
      await client.send(new ListExportsCommand({ TableArn }));
    });

  await expect(look(allow("dynamodb:DescribeExport", `${TableArn}/export/*`))).rejects.toMatchObject({
    message: expect.stringContaining("dynamodb:ListExports"),
  });
  await expect(look(allow("dynamodb:ListExports", "*"))).rejects.toMatchObject({
    message: expect.stringContaining(`dynamodb:DescribeExport on resource: ${ExportArn}`),
  });
  await look(allow("dynamodb:DescribeExport", `${TableArn}/export/*`), allow("dynamodb:ListExports", "*"));
});
