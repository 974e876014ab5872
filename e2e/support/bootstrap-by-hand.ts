import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import type { LocalAwsProcess } from "./local-aws-process.ts";

/** What every ledger's table has, as infrastructure/bootstrap/ledger.tf makes it. */
export const ledgerKeys = {
  BillingMode: "PAY_PER_REQUEST",
  KeySchema: [
    { AttributeName: "environment", KeyType: "HASH" },
    { AttributeName: "sequence", KeyType: "RANGE" },
  ],
  AttributeDefinitions: [
    { AttributeName: "environment", AttributeType: "S" },
    { AttributeName: "sequence", AttributeType: "N" },
  ],
} satisfies Omit<CreateTableCommandInput, "TableName">;

/** What a bootstrap makes, by the names of its outputs. */
export interface HandMadeBootstrap {
  /** The root module that would make it, from the repository. */
  readonly directory: string;
  readonly stateBucket: { readonly output: string; readonly name: string };
  readonly ledgerTable: { readonly output: string; readonly name: string };
}

/**
 * Makes what a bootstrap makes, and leaves what a rehearsal leaves of it: without Terraform, whose provider takes longer to begin than all
 * of this.
 */
export async function bootstrapByHand(
  localAws: LocalAwsProcess,
  { directory, stateBucket, ledgerTable }: HandMadeBootstrap,
): Promise<void> {
  const s3 = new S3Client({ ...localAws.client, forcePathStyle: true });
  const dynamodb = new DynamoDBClient(localAws.client);
  const { region } = localAws.client;
  const elsewhere = region === "us-east-1" ? {} : { LocationConstraint: region as "eu-west-1" };
  await s3.send(new CreateBucketCommand({ Bucket: stateBucket.name, CreateBucketConfiguration: elsewhere }));
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: stateBucket.name, VersioningConfiguration }));
  await dynamodb.send(
    new CreateTableCommand({
      TableName: ledgerTable.name,
      ...ledgerKeys,
    }),
  );
  s3.destroy();
  dynamodb.destroy();
  const folder = join(localAws.dataDir, "state/rehearsal", directory);
  const text = ({ name }: { readonly name: string }) => ({ value: name, type: "string" });
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "terraform.tfstate"),
    JSON.stringify({
      ...{ version: 4, terraform_version: "1.11.0", serial: 1, lineage: "4a0b3f2e-0f55-4b1e-9d0d-6a1d3c3c9b11" },
      outputs: { [stateBucket.output]: text(stateBucket), [ledgerTable.output]: text(ledgerTable) },
      ...{ resources: [], check_results: null },
    }),
  );
}
