import { type Table, type TableRecord, tableOf } from "../table.ts";

/** A table with the key `id` and `n`, for tests of what is remembered of its items. */
export function journaledTable(
  { name, id, createdAt }: Pick<TableRecord, "name" | "id" | "createdAt">,
  pointInTimeRecovery: TableRecord["pointInTimeRecovery"],
): Table {
  return tableOf({
    ...{ name, id, createdAt, pointInTimeRecovery },
    attributeDefinitions: [
      { AttributeName: "id", AttributeType: "S" },
      { AttributeName: "n", AttributeType: "N" },
    ],
    keySchema: [
      { AttributeName: "id", KeyType: "HASH" },
      { AttributeName: "n", KeyType: "RANGE" },
    ],
    billingMode: "PAY_PER_REQUEST",
    throughput: { read: 0, write: 0 },
    ...{ deletionProtection: false, globalIndexes: [], localIndexes: [], tags: {} },
  });
}
