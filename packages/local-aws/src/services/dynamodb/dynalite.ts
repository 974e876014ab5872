import { createRequire } from "node:module";
import type { Stream } from "node:stream";
import { AwsError } from "../../core/aws-error.ts";
import type { Item } from "./attribute-value.ts";
import type { Condition, Path } from "./condition.ts";
import { MAX_ITEM_BYTES } from "./item-size.ts";

/**
 * The boundary to dynalite: everything that is taken from its (untyped) inner modules is taken here.
 *
 * Used of it: the validation of requests with AWS's own messages, the parser of the expression language, the encoding of keys
 * in an order-preserving form, the application of updates, and queries and scans over an ordered store. Not used: its HTTP
 * server, its tables and its LevelDB layer, which writes an item and its index entries one by one.
 */

/** The part of a table that dynalite needs to know. */
export interface TableShape {
  readonly TableName: string;
  readonly TableStatus: "ACTIVE";
  readonly KeySchema: readonly KeyElement[];
  readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[];
  readonly GlobalSecondaryIndexes?: readonly IndexShape[];
  readonly LocalSecondaryIndexes?: readonly IndexShape[];
}

/** One attribute of a key. */
export interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: "HASH" | "RANGE";
}

/** The part of an index that dynalite needs to know. */
export interface IndexShape {
  readonly IndexName: string;
  readonly KeySchema: readonly KeyElement[];
  readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] };
}

/** Operations whose requests dynalite validates. */
export type ValidatedOperation =
  | "PutItem"
  | "GetItem"
  | "UpdateItem"
  | "DeleteItem"
  | "Query"
  | "Scan"
  | "BatchGetItem"
  | "BatchWriteItem"
  | "CreateTable";

/** A validated request: unknown members are gone, numbers are canonical, expressions are parsed into the underscored members. */
export interface ValidRequest {
  readonly TableName: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly RequestItems?: Record<string, unknown>;
  readonly ConsistentRead?: boolean;
  readonly IndexName?: string;
  readonly Expected?: Record<string, unknown>;
  readonly ConditionalOperator?: string;
  readonly AttributesToGet?: readonly string[];
  readonly ExclusiveStartKey?: Item;
  readonly ReturnValues?: string;
  readonly ReturnConsumedCapacity?: string;
  readonly Select?: string;
  readonly _condition?: ParsedCondition;
  readonly _filter?: ParsedCondition;
  readonly _projection?: ParsedProjection;
  readonly _updates?: unknown;
  readonly AttributeUpdates?: unknown;
}

/** A parsed condition or filter expression. */
export interface ParsedCondition {
  readonly expression: Condition;
  /** First pieces of the paths that reach into a document. */
  readonly nestedPaths: Readonly<Record<string, true>>;
  readonly pathHeads: Readonly<Record<string, true>>;
}

/** A parsed projection expression. */
export interface ParsedProjection {
  readonly paths: readonly Path[];
  readonly nestedPaths: Readonly<Record<string, true>>;
}

/** What a query or scan came to. */
export interface ReadResult {
  Count: number;
  ScannedCount: number;
  Items?: Item[];
  LastEvaluatedKey?: Item;
  ConsumedCapacity?: ConsumedCapacity;
}

/** Capacity units, as requests with `ReturnConsumedCapacity` are answered. */
export interface ConsumedCapacity {
  TableName: string;
  CapacityUnits: number;
  ReadCapacityUnits?: number;
  WriteCapacityUnits?: number;
  Table?: Units;
  LocalSecondaryIndexes?: Record<string, Units>;
  GlobalSecondaryIndexes?: Record<string, Units>;
}

/** Capacity units of a table or an index. */
export interface Units {
  CapacityUnits: number;
  ReadCapacityUnits?: number;
  WriteCapacityUnits?: number;
}

/** A range of keys, as dynalite asks the store for it. */
export interface KeyRange {
  gt?: string;
  gte?: string;
  lt?: string;
  lte?: string;
  reverse?: boolean;
  limit?: number;
}

/** Where queries and scans read from. */
export interface RangeSource {
  /** A stream of items in key order; an object stream of the old kind: `data`, `error`, `end`, `destroy()`. */
  items(range: KeyRange): Stream;
  index(name: string, range: KeyRange): Stream;
  /** The item behind an index entry, by {@link keyOf}. */
  item(key: string): Item | undefined;
}

interface DynaliteError extends Error {
  readonly statusCode?: number;
  readonly body?: { readonly __type: string; readonly message?: string; readonly Message?: string };
}

type Callback<T> = (error: DynaliteError | null | undefined, result?: T) => void;
type Action<T> = (store: object, data: object, callback: Callback<T>) => void;

interface DynaliteDb {
  createKey(item: Item, table: TableShape, keySchema?: readonly KeyElement[]): string;
  createIndexKey(item: Item, table: TableShape, keySchema: readonly KeyElement[]): string;
  validateKey(key: Item, table: TableShape): DynaliteError | undefined;
  validateItem(item: Item, table: TableShape): DynaliteError | undefined;
  validateKeyPaths(nestedPaths: object | undefined, table: TableShape): DynaliteError | undefined;
  matchesFilter(item: Item, filter: object, conditionalOperator?: string): boolean;
  mapPaths(paths: readonly (Path | string)[], item: Item): Item;
}

interface DynaliteValidations {
  checkTypes(data: object, types: object): object;
  checkValidations(data: object, types: object, custom: unknown, store: object): void;
}

const require = createRequire(import.meta.url);
const db = require("dynalite/db") as DynaliteDb;
const validations = require("dynalite/validations") as DynaliteValidations;
const updateItemAction = require("dynalite/actions/updateItem") as Action<{ Attributes?: Item }>;
const queryAction = require("dynalite/actions/query") as Action<ReadResult>;
const scanAction = require("dynalite/actions/scan") as Action<ReadResult>;

const OPERATIONS: Readonly<Record<ValidatedOperation, { types: object; custom: unknown }>> = {
  PutItem: require("dynalite/validations/putItem"),
  GetItem: require("dynalite/validations/getItem"),
  UpdateItem: require("dynalite/validations/updateItem"),
  DeleteItem: require("dynalite/validations/deleteItem"),
  Query: require("dynalite/validations/query"),
  Scan: require("dynalite/validations/scan"),
  BatchGetItem: require("dynalite/validations/batchGetItem"),
  BatchWriteItem: require("dynalite/validations/batchWriteItem"),
  CreateTable: require("dynalite/validations/createTable"),
};

const OPTIONS = { options: { maxItemSize: MAX_ITEM_BYTES } };

/**
 * Validates a request as AWS does, and parses its expressions. The body is changed on the way: members that dynalite does not
 * know are deleted, so what it does not know must be read before.
 *
 * @throws AwsError `ValidationException` or `SerializationException`
 */
export function validateRequest(operation: ValidatedOperation, body: Record<string, unknown>): ValidRequest {
  const { types, custom } = OPERATIONS[operation];
  try {
    const data = validations.checkTypes(body, types);
    validations.checkValidations(data, types, custom, OPTIONS);
    return data as ValidRequest;
  } catch (error) {
    throw asAwsError(error as DynaliteError);
  }
}

/** The place of an item in its table's order, from its key attributes. */
export function keyOf(item: Item, table: TableShape): string {
  return db.createKey(item, table);
}

/** The place of an item in an index's order; items that share it must be told apart by {@link keyOf}. */
export function indexKeyOf(item: Item, table: TableShape, index: { KeySchema: readonly KeyElement[] }): string {
  return db.createIndexKey(item, table, index.KeySchema);
}

/** @throws AwsError `ValidationException` when a key does not match the table's schema */
export function checkKey(key: Item, table: TableShape): void {
  throwIf(db.validateKey(key, table));
}

/** @throws AwsError `ValidationException` when an item's key attributes, of the table or an index, are missing or of the wrong type */
export function checkItem(item: Item, table: TableShape): void {
  throwIf(db.validateItem(item, table));
}

/** @throws AwsError `ValidationException` when an expression reaches into a key attribute as if it were a document */
export function checkKeyPaths(expression: { nestedPaths: object } | undefined, table: TableShape): void {
  throwIf(db.validateKeyPaths(expression?.nestedPaths, table));
}

/** Whether an item meets the legacy parameter `Expected`. */
export function meetsExpected(item: Item, expected: object, conditionalOperator?: string): boolean {
  return db.matchesFilter(item, expected, conditionalOperator);
}

/** The part of an item that a projection asks for. */
export function project(paths: readonly (Path | string)[], item: Item): Item {
  return db.mapPaths(paths, item);
}

/**
 * Applies the update of a validated `UpdateItem` request to an item.
 *
 * @param existing - the item as it is; it is not changed
 * @returns the item as it will be, and what `ReturnValues` asks to be answered
 * @throws AwsError `ValidationException` when the update does not fit the item
 */
export function applyUpdate(
  request: ValidRequest,
  table: TableShape,
  existing: Item | undefined,
): { item: Item; attributes: Item | undefined } {
  let item: Item | undefined;
  const items = {
    lock: (_key: string, work: (release: <F>(callback: F) => F) => void) => work((callback) => callback),
    get: (_key: string, callback: Callback<Item>) => callback(null, existing),
    put: (_key: string, value: Item, callback: Callback<void>) => {
      item = value;
      callback(null);
    },
  };
  // Index entries are written with the item, by the write path: what dynalite would write goes nowhere.
  const index = {
    put: (_key: string, _value: Item, callback: Callback<void>) => callback(null),
    del: (_key: string, callback: Callback<void>) => callback(null),
  };
  const store = { ...OPTIONS, ...tableOf(table), getItemDb: () => items, getIndexDb: () => index };
  let outcome: { Attributes?: Item } | undefined;
  let failure: DynaliteError | undefined;
  updateItemAction(store, request, (error, result) => {
    failure = error ?? undefined;
    outcome = result;
  });
  throwIf(failure);
  if (item === undefined || outcome === undefined) {
    throw new Error("dynalite did not apply the update at once.");
  }
  return { item, attributes: outcome.Attributes };
}

/** Runs a validated `Query`. @throws AwsError `ValidationException` */
export function query(request: ValidRequest, table: TableShape, source: RangeSource): Promise<ReadResult> {
  return read(queryAction, request, table, source);
}

/** Runs a validated `Scan`. @throws AwsError `ValidationException` */
export function scan(request: ValidRequest, table: TableShape, source: RangeSource): Promise<ReadResult> {
  return read(scanAction, request, table, source);
}

function read(
  action: Action<ReadResult>,
  request: ValidRequest,
  table: TableShape,
  source: RangeSource,
): Promise<ReadResult> {
  const store = {
    ...OPTIONS,
    ...tableOf(table),
    getItemDb: () => ({
      createValueStream: (range: KeyRange) => source.items(range),
      get: (key: string, callback: Callback<Item>) => callback(null, source.item(key)),
    }),
    getIndexDb: (_kind: string, _table: string, name: string) => ({
      createValueStream: (range: KeyRange) => source.index(name, range),
    }),
  };
  return new Promise((resolve, reject) => {
    action(store, request, (error, result) => {
      if (error || result === undefined) {
        reject(error ? asAwsError(error) : new Error("dynalite gave no result."));
      } else {
        resolve(result);
      }
    });
  });
}

function tableOf(table: TableShape): object {
  return {
    getTable: (_name: string, checkStatus: unknown, callback?: Callback<TableShape>) => {
      ((callback ?? checkStatus) as Callback<TableShape>)(null, table);
    },
  };
}

function throwIf(error: DynaliteError | undefined): void {
  if (error !== undefined) {
    throw asAwsError(error);
  }
}

function asAwsError(error: DynaliteError): Error {
  if (error.statusCode === undefined || error.body === undefined) {
    return error;
  }
  const code = error.body.__type.split("#").at(-1) ?? "ValidationException";
  return new AwsError(code, error.body.message ?? error.body.Message ?? "", { status: error.statusCode });
}
