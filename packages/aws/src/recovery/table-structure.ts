import type { KeySchemaElement, Projection } from "@aws-sdk/client-dynamodb";
import type { TableStructure } from "@slipway/analysis";

/** What descriptions of tables and of backups have in common. */
interface Described {
  readonly KeySchema?: readonly KeySchemaElement[];
  readonly GlobalSecondaryIndexes?: readonly DescribedIndex[];
  readonly LocalSecondaryIndexes?: readonly DescribedIndex[];
}

interface DescribedIndex {
  readonly IndexName?: string;
  readonly KeySchema?: readonly KeySchemaElement[];
  readonly Projection?: Projection;
}

/** The keys and indexes of a table or of a backup, in texts that can be compared. */
export function tableStructure(described: Described): TableStructure {
  const indexes = [...(described.GlobalSecondaryIndexes ?? []), ...(described.LocalSecondaryIndexes ?? [])];
  return {
    key: keyText(described.KeySchema),
    indexes: Object.fromEntries(
      indexes
        .map(({ IndexName = "", KeySchema, Projection }) => [
          IndexName,
          `${keyText(KeySchema)}; ${project(Projection)}`,
        ])
        .sort(([left = ""], [right = ""]) => (left < right ? -1 : 1)),
    ),
  };
}

function keyText(schema: readonly KeySchemaElement[] = []): string {
  return schema.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType}`).join(", ");
}

function project({ ProjectionType, NonKeyAttributes = [] }: Projection = {}): string {
  return [ProjectionType, ...[...NonKeyAttributes].sort()].join(" ");
}
