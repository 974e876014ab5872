import { AwsError } from "../../core/aws-error.ts";
import { wantsCapacity } from "./capacity.ts";
import { meets } from "./condition.ts";
import { type Body, type DataOperation, type DataPlane, useTableName } from "./data-plane.ts";
import {
  type ConsumedCapacity,
  checkKeyPaths,
  indexKeyOf,
  type KeyRange,
  keyOf,
  query,
  type RangeSource,
  type ReadResult,
  scan,
  type ValidRequest,
  validateRequest,
} from "./dynalite.ts";
import { projected } from "./item-operations.ts";
import type { Index, Table } from "./table.ts";

/** Query and Scan. */
export function queryOperations(plane: DataPlane): Record<string, DataOperation> {
  return {
    Query: (body) => read(plane, "Query", body),
    Scan: (body) => read(plane, "Scan", body),
  };
}

async function read(plane: DataPlane, operation: "Query" | "Scan", body: Body): Promise<unknown> {
  useTableName(plane, body);
  const request = validateRequest(operation, body);
  const table = plane.tables.forItems(request.TableName);
  const index = table.indexes.find(({ name }) => name === request.IndexName);
  if (index?.creating) {
    throw new AwsError("ValidationException", `Cannot read from backfilling global secondary index: ${index.name}`);
  }
  const run = operation === "Query" ? query : scan;
  const filtered = request._filter !== undefined;
  if (filtered) {
    checkFilterAndProjection(table, request);
  }
  const result = await run(
    filtered ? withoutFilter(request) : { ...request, ReturnConsumedCapacity: "INDEXES" },
    table.shape,
    sourceOf(plane, table, request),
  );
  if (filtered) {
    applyFilter(result, request);
  }
  plane.traffic.returned(table.name, operation, result.Count);
  const { Items, LastEvaluatedKey, Count, ScannedCount } = result;
  return {
    Items,
    Count,
    ScannedCount,
    LastEvaluatedKey,
    ConsumedCapacity: consumed(plane, table, request, index, result),
  };
}

function checkFilterAndProjection(table: Table, request: ValidRequest): void {
  checkKeyPaths(request._filter, table.shape);
  checkKeyPaths(request._projection, table.shape);
}

/**
 * The request as dynalite shall run it: every item passes the filter, whole. What the filter may name is still checked there;
 * what passes it is decided here, by AWS's rules for comparing (see `condition.ts`).
 */
function withoutFilter(request: ValidRequest): ValidRequest {
  const filter = request._filter as NonNullable<ValidRequest["_filter"]>;
  return {
    ...request,
    _filter: { ...filter, expression: { type: "always", args: [] } },
    _projection: undefined,
    AttributesToGet: undefined,
    Select: request.Select === "COUNT" ? undefined : request.Select,
    ReturnConsumedCapacity: "INDEXES",
  };
}

function applyFilter(result: ReadResult, request: ValidRequest): void {
  const filter = request._filter as NonNullable<ValidRequest["_filter"]>;
  const items = (result.Items ?? []).filter((item) => meets(item, filter.expression));
  result.Count = items.length;
  result.Items = request.Select === "COUNT" ? undefined : items.map((item) => projected(request, item));
}

/**
 * Where dynalite reads from. Its keys of index entries end in 24 bits of a hash, so that two items may share one and the second
 * would hide the first: the entries here end in the item's own key as well, and so must the place at which a read goes on.
 */
function sourceOf(plane: DataPlane, table: Table, request: ValidRequest): RangeSource {
  return {
    items: (range) => plane.store.stream(table.itemPrefix, range),
    item: (key) => plane.store.read(table.itemPrefix + key),
    index: (name, range) => {
      const index = table.indexes.find((candidate) => candidate.name === name) as Index;
      return plane.store.stream(index.prefix, continued(range, table, index, request));
    },
  };
}

function continued(range: KeyRange, table: Table, index: Index, request: ValidRequest): KeyRange {
  const start = request.ExclusiveStartKey;
  if (start === undefined) {
    return range;
  }
  const place = indexKeyOf(start, table.shape, index.shape);
  const exact = place + keyOf(start, table.shape);
  return {
    ...range,
    ...(range.gt === place ? { gt: exact } : {}),
    ...(range.lt === place ? { lt: exact } : {}),
  };
}

/** Counts the units that were read, and describes them when the caller asks. A read that found nothing costs the least there is. */
function consumed(
  plane: DataPlane,
  table: Table,
  request: ValidRequest,
  index: Index | undefined,
  result: ReadResult,
): ConsumedCapacity | undefined {
  const least = request.ConsistentRead ? 1 : 0.5;
  const found = result.ConsumedCapacity;
  const ofIndex = Object.values({ ...found?.GlobalSecondaryIndexes, ...found?.LocalSecondaryIndexes })[0];
  const indexUnits = index === undefined ? 0 : Math.max(least, ofIndex?.CapacityUnits ?? 0);
  const tableUnits = Math.max(index === undefined ? least : 0, found?.Table?.CapacityUnits ?? 0);
  if (index?.kind === "global") {
    plane.traffic.read(table.name, indexUnits, index.name);
  } else {
    plane.traffic.read(table.name, tableUnits + indexUnits);
  }
  if (!wantsCapacity(request.ReturnConsumedCapacity)) {
    return undefined;
  }
  const capacity: ConsumedCapacity = { TableName: table.name, CapacityUnits: tableUnits + indexUnits };
  if (request.ReturnConsumedCapacity === "INDEXES") {
    capacity.Table = { CapacityUnits: tableUnits };
    if (index !== undefined) {
      capacity[index.kind === "global" ? "GlobalSecondaryIndexes" : "LocalSecondaryIndexes"] = {
        [index.name]: { CapacityUnits: indexUnits },
      };
    }
  }
  return capacity;
}
