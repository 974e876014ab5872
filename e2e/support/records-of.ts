import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ScanCommand,
  type ScanCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { toDocument } from "@slipway/aws";
import type { DocumentRecord, TableDefinition } from "@slipway/contracts";

/** All records of a table. */
export async function recordsOf(client: DynamoDBClient, TableName: string): Promise<readonly DocumentRecord[]> {
  const records: DocumentRecord[] = [];
  let ExclusiveStartKey: ScanCommandOutput["LastEvaluatedKey"];
  do {
    const command = new ScanCommand({ TableName, ConsistentRead: true, ExclusiveStartKey });
    const page: ScanCommandOutput = await client.send(command);
    records.push(...(page.Items ?? []).map(toDocument));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return records;
}

type Keys = Pick<TableDefinition, "partitionKey" | "sortKey" | "keyTypes" | "indexes" | "timeToLive">;

/** What a definition says about keys, indexes and time to live. */
export function pickKeys({ partitionKey, sortKey, keyTypes, indexes, timeToLive }: TableDefinition): Keys {
  return { partitionKey, ...(sortKey && { sortKey }), keyTypes, indexes, ...(timeToLive && { timeToLive }) };
}

/** What a table is like, in the words of its definition: keys, indexes, time to live. */
export async function definitionOf(client: DynamoDBClient, TableName: string): Promise<Keys> {
  const { Table = {} } = await client.send(new DescribeTableCommand({ TableName }));
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  const { KeySchema, AttributeDefinitions = [], GlobalSecondaryIndexes = [] } = Table;
  return {
    ...keysOf(KeySchema),
    keyTypes: Object.fromEntries(
      AttributeDefinitions.map(({ AttributeName = "", AttributeType = "S" }) => [AttributeName, AttributeType]),
    ),
    indexes: Object.fromEntries(
      GlobalSecondaryIndexes.map(({ IndexName = "", KeySchema: keys, Projection }) => [
        IndexName,
        { ...keysOf(keys), projection: Projection?.ProjectionType ?? "ALL" },
      ]),
    ),
    ...(TimeToLiveDescription?.TimeToLiveStatus === "ENABLED"
      ? { timeToLive: TimeToLiveDescription.AttributeName }
      : {}),
  };
}

function keysOf(schema: readonly { AttributeName?: string; KeyType?: string }[] = []) {
  const name = (type: string) => schema.find(({ KeyType }) => KeyType === type)?.AttributeName;
  const sortKey = name("RANGE");
  return { partitionKey: name("HASH") ?? "", ...(sortKey === undefined ? {} : { sortKey }) };
}
