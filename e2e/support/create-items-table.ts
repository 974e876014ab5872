import { CreateTableCommand, type DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { readItemsDefinition } from "./items-definition.ts";

/** Makes an items table as `data/tables/items.json` has it, and waits until it can be used. */
export async function createItemsTable(client: DynamoDBClient, tableName: string): Promise<void> {
  const { partitionKey, keyTypes, indexes } = readItemsDefinition();
  const keys = (hash: string, range?: string) => [
    { AttributeName: hash, KeyType: "HASH" as const },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: "RANGE" as const }]),
  ];
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: keys(partitionKey),
      AttributeDefinitions: Object.entries(keyTypes).map(([AttributeName, AttributeType]) => ({
        AttributeName,
        AttributeType,
      })),
      GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, index]) => ({
        IndexName,
        KeySchema: keys(index.partitionKey, index.sortKey),
        Projection: { ProjectionType: index.projection },
      })),
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 0.1 }, { TableName: tableName });
}
