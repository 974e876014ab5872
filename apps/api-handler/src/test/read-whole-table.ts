import { type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import type { TableRecord } from "../store/item-record.ts";

/** Every record of a table, as the table holds it. */
export async function readWholeTable(client: DynamoDBClient, tableName: string): Promise<TableRecord[]> {
  const records: TableRecord[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName, ConsistentRead: true })) {
    records.push(...Items);
  }
  return records;
}
