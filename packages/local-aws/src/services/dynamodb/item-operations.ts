import { AwsError } from "../../core/aws-error.ts";
import { attributeOf, type Item, typeOf } from "./attribute-value.ts";
import { readCapacity, writeCapacity } from "./capacity.ts";
import {
  type Body,
  conditionOf,
  countWrite,
  type DataOperation,
  type DataPlane,
  refuseCollectionMetrics,
  tellsItemOnFailure,
  useTableName,
} from "./data-plane.ts";
import {
  applyUpdate,
  checkItem,
  checkKey,
  checkKeyPaths,
  keyOf,
  project,
  type ValidRequest,
  validateRequest,
} from "./dynalite.ts";
import { itemSize, MAX_ITEM_BYTES, readUnits } from "./item-size.ts";
import type { Table } from "./table.ts";
import type { ItemWrite, Written } from "./write-path.ts";

/** GetItem, PutItem, UpdateItem and DeleteItem. */
export function itemOperations(plane: DataPlane): Record<string, DataOperation> {
  return {
    GetItem: async (body) => getItem(plane, body),
    PutItem: (body) => putItem(plane, body),
    UpdateItem: (body) => updateItem(plane, body),
    DeleteItem: (body) => deleteItem(plane, body),
  };
}

function getItem(plane: DataPlane, body: Body): unknown {
  useTableName(plane, body);
  const request = validateRequest("GetItem", body);
  const table = plane.tables.forItems(request.TableName);
  const key = readKey(request, table);
  const item = plane.store.read(table.itemPrefix + key);
  const units = readUnits(item === undefined ? 0 : itemSize(item), request.ConsistentRead ?? false);
  plane.traffic.read(table.name, units);
  return {
    Item: item && projected(request, item),
    ConsumedCapacity: readCapacity(table.name, units, request.ReturnConsumedCapacity),
  };
}

/** The place of the item that a validated read asks for. @throws AwsError `ValidationException` */
export function readKey(request: ValidRequest, table: Table): string {
  const key = request.Key as Item;
  checkKey(key, table.shape);
  checkKeyPaths(request._projection, table.shape);
  return keyOf(key, table.shape);
}

/** What of an item a validated read asks for. */
export function projected(request: ValidRequest, item: Item): Item {
  const paths = request._projection?.paths ?? request.AttributesToGet;
  return paths === undefined ? item : project(paths, item);
}

async function putItem(plane: DataPlane, body: Body): Promise<unknown> {
  useTableName(plane, body);
  const tellItemOnFailure = tellsItemOnFailure(body);
  const wantsCollection = body.ReturnItemCollectionMetrics === "SIZE";
  const request = validateRequest("PutItem", body);
  const table = plane.tables.forItems(request.TableName);
  refuseCollectionMetrics(table, wantsCollection);
  const write = putWrite(table, request, tellItemOnFailure);
  const written = await plane.writes.write(write);
  return answer(plane, table, request, written, oldAttributes(request, written));
}

async function deleteItem(plane: DataPlane, body: Body): Promise<unknown> {
  useTableName(plane, body);
  const tellItemOnFailure = tellsItemOnFailure(body);
  const wantsCollection = body.ReturnItemCollectionMetrics === "SIZE";
  const request = validateRequest("DeleteItem", body);
  const table = plane.tables.forItems(request.TableName);
  refuseCollectionMetrics(table, wantsCollection);
  const written = await plane.writes.write(deleteWrite(table, request, tellItemOnFailure));
  return answer(plane, table, request, written, oldAttributes(request, written));
}

async function updateItem(plane: DataPlane, body: Body): Promise<unknown> {
  useTableName(plane, body);
  const tellItemOnFailure = tellsItemOnFailure(body);
  const wantsCollection = body.ReturnItemCollectionMetrics === "SIZE";
  const request = validateRequest("UpdateItem", body);
  const table = plane.tables.forItems(request.TableName);
  refuseCollectionMetrics(table, wantsCollection);
  const { write, attributes } = updateWrite(table, request, tellItemOnFailure);
  const written = await plane.writes.write(write);
  return answer(plane, table, request, written, attributes());
}

/** A validated put as a write. @throws AwsError `ValidationException` when the item does not fit the table */
export function putWrite(table: Table, request: ValidRequest, tellItemOnFailure: boolean): ItemWrite {
  const item = request.Item as Item;
  checkNewItem(item, table, "Item size has exceeded the maximum allowed size");
  return {
    table,
    key: keyOf(item, table.shape),
    condition: conditionOf(request),
    apply: () => item,
    tellItemOnFailure,
  };
}

/** A validated delete as a write. @throws AwsError `ValidationException` when the key does not fit the table */
export function deleteWrite(table: Table, request: ValidRequest, tellItemOnFailure: boolean): ItemWrite {
  const key = request.Key as Item;
  checkKey(key, table.shape);
  return {
    table,
    key: keyOf(key, table.shape),
    condition: conditionOf(request),
    apply: () => undefined,
    tellItemOnFailure,
  };
}

/**
 * A validated update as a write.
 *
 * @returns the write, and what `ReturnValues` asks for once it has been applied
 * @throws AwsError `ValidationException` when the key does not fit the table
 */
export function updateWrite(
  table: Table,
  request: ValidRequest,
  tellItemOnFailure: boolean,
): { write: ItemWrite; attributes: () => Item | undefined } {
  const key = request.Key as Item;
  checkKey(key, table.shape);
  let attributes: Item | undefined;
  // The condition has been judged before; dynalite's own evaluator must not judge it again.
  const update: ValidRequest = { ...request, _condition: undefined, Expected: undefined };
  return {
    attributes: () => attributes,
    write: {
      table,
      key: keyOf(key, table.shape),
      condition: conditionOf(request),
      tellItemOnFailure,
      apply: (existing) => {
        const updated = applyUpdate(update, table.shape, existing);
        checkNewItem(updated.item, table, "Item size to update has exceeded the maximum allowed size");
        attributes = updated.attributes;
        return updated.item;
      },
    },
  };
}

function checkNewItem(item: Item, table: Table, tooLarge: string): void {
  checkItem(item, table.shape);
  if (itemSize(item) > MAX_ITEM_BYTES) {
    throw new AwsError("ValidationException", tooLarge);
  }
  for (const index of table.indexes) {
    for (const { AttributeName } of index.shape.KeySchema) {
      const value = attributeOf(item, AttributeName);
      if (value !== undefined && (value.S === "" || value.B === "")) {
        throw new AwsError(
          "ValidationException",
          `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${typeOf(value) === "S" ? "string" : "binary"} value. IndexName: ${index.name}, IndexKey: ${AttributeName}`,
        );
      }
    }
  }
}

function oldAttributes(request: ValidRequest, written: Written): Item | undefined {
  return request.ReturnValues === "ALL_OLD" ? written.before : undefined;
}

function answer(
  plane: DataPlane,
  table: Table,
  request: ValidRequest,
  written: Written,
  attributes: Item | undefined,
): unknown {
  countWrite(plane, table, written);
  return {
    Attributes: attributes,
    ConsumedCapacity: writeCapacity(table.name, [written.units], request.ReturnConsumedCapacity),
  };
}
