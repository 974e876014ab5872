import { AwsError } from "../../core/aws-error.ts";
import type { Clock } from "../../core/clock.ts";
import type { RequestContext } from "../../core/service.ts";
import type { Item } from "./attribute-value.ts";
import { meets } from "./condition.ts";
import { meetsExpected, type ValidRequest } from "./dynalite.ts";
import type { ItemStore } from "./item-store.ts";
import type { Journal } from "./journal.ts";
import type { Table } from "./table.ts";
import type { Tables } from "./tables.ts";
import type { Traffic } from "./traffic.ts";
import type { WritePath, Written } from "./write-path.ts";

/** What the operations on items work with. */
export interface DataPlane {
  readonly tables: Tables;
  readonly store: ItemStore;
  readonly writes: WritePath;
  readonly journal: Journal;
  readonly traffic: Traffic;
  readonly clock: Clock;
}

/** The JSON of a request. */
export type Body = Record<string, unknown>;

/** An operation on items: JSON in, JSON out. */
export type DataOperation = (body: Body, context: RequestContext) => Promise<unknown>;

/** Replaces a table's ARN by its name, so that dynalite's validation (which knows only names) accepts it. */
export function useTableName(plane: DataPlane, body: Body): void {
  if (typeof body.TableName === "string" && body.TableName.startsWith("arn:")) {
    body.TableName = plane.tables.nameOf(body.TableName);
  }
}

/** The test that a validated write puts to the existing item. */
export function conditionOf(request: ValidRequest): ((existing: Item) => boolean) | undefined {
  const { _condition, Expected, ConditionalOperator } = request;
  if (_condition !== undefined) {
    return (existing) => meets(existing, _condition.expression);
  }
  return Expected === undefined ? undefined : (existing) => meetsExpected(existing, Expected, ConditionalOperator);
}

/**
 * Reads `ReturnValuesOnConditionCheckFailure`, which dynalite does not know.
 *
 * @throws AwsError `ValidationException` for anything but `ALL_OLD` and `NONE`
 */
export function tellsItemOnFailure(body: Body): boolean {
  const value = body.ReturnValuesOnConditionCheckFailure;
  if (value === undefined || value === null || value === "NONE") {
    return false;
  }
  if (value === "ALL_OLD") {
    return true;
  }
  throw new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${String(value)}' at 'returnValuesOnConditionCheckFailure' failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, NONE]`,
  );
}

/** Counts what a change consumed. */
export function countWrite(plane: DataPlane, table: Table, { units }: Written, factor = 1): void {
  const local = units.indexes.reduce((sum, { index, units }) => (index.kind === "local" ? sum + units : sum), 0);
  plane.traffic.wrote(table.name, (units.table + local) * factor);
  for (const { index, units: indexUnits } of units.indexes) {
    if (index.kind === "global") {
      plane.traffic.wrote(table.name, indexUnits * factor, index.name);
    }
  }
}

/**
 * Item collections exist only beside local indexes (elsewhere AWS answers nothing, and so does this).
 *
 * @throws AwsError `NotImplemented` when the caller asks for the size of one
 */
export function refuseCollectionMetrics(table: Table, wanted: boolean): void {
  if (wanted && table.record.localIndexes.length > 0) {
    throw new AwsError(
      "NotImplemented",
      `Local AWS does not estimate item collections: leave out ReturnItemCollectionMetrics SIZE on the table ${table.name}, which has local secondary indexes.`,
    );
  }
}
