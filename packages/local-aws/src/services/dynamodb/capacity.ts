import type { ConsumedCapacity, Units } from "./dynalite.ts";
import type { WriteUnits } from "./write-path.ts";

/** How much `ReturnConsumedCapacity` asks for; anything else asks for nothing. */
export type CapacityDetail = string | undefined;

/** True when the caller wants to know what the request consumed. */
export function wantsCapacity(detail: CapacityDetail): detail is "TOTAL" | "INDEXES" {
  return detail === "TOTAL" || detail === "INDEXES";
}

/** The answer's `ConsumedCapacity` for reading so many units of a table. */
export function readCapacity(tableName: string, units: number, detail: CapacityDetail): ConsumedCapacity | undefined {
  if (!wantsCapacity(detail)) {
    return undefined;
  }
  return detail === "TOTAL"
    ? { TableName: tableName, CapacityUnits: units }
    : { TableName: tableName, CapacityUnits: units, Table: { CapacityUnits: units } };
}

/** All units of a change: the table's and its indexes'. */
export function totalUnits(units: WriteUnits): number {
  return units.indexes.reduce((total, index) => total + index.units, units.table);
}

/** The answer's `ConsumedCapacity` for changes of one table's items. */
export function writeCapacity(
  tableName: string,
  changes: readonly WriteUnits[],
  detail: CapacityDetail,
  transactional = false,
): ConsumedCapacity | undefined {
  if (!wantsCapacity(detail)) {
    return undefined;
  }
  const factor = transactional ? 2 : 1;
  const units = (amount: number): Units =>
    transactional ? { CapacityUnits: amount * factor, WriteCapacityUnits: amount * factor } : { CapacityUnits: amount };
  const total = changes.reduce((sum, change) => sum + totalUnits(change), 0);
  const capacity: ConsumedCapacity = { TableName: tableName, ...units(total) };
  if (detail === "INDEXES") {
    capacity.Table = units(changes.reduce((sum, change) => sum + change.table, 0));
    for (const kind of ["local", "global"] as const) {
      const indexes = indexUnits(changes, kind);
      if (indexes.size > 0) {
        capacity[kind === "local" ? "LocalSecondaryIndexes" : "GlobalSecondaryIndexes"] = Object.fromEntries(
          [...indexes].map(([name, amount]) => [name, units(amount)]),
        );
      }
    }
  }
  return capacity;
}

function indexUnits(changes: readonly WriteUnits[], kind: "local" | "global"): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { index, units } of changes.flatMap((change) => change.indexes)) {
    if (index.kind === kind) {
      sums.set(index.name, (sums.get(index.name) ?? 0) + units);
    }
  }
  return sums;
}
