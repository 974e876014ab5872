import { expect, it } from "vitest";
import { attributeNames, selectOf } from "./attribute-names.ts";

it.each<[string, object, string[]]>([
  ["the attributes of an item", { Item: { id: { S: "1" }, name: { S: "x" } } }, ["id", "name"]],
  [
    "a key and a projection",
    { Key: { id: { S: "1" } }, ProjectionExpression: "title, #p.inner[0], tags[1]" },
    ["id", "title", "price", "tags"],
  ],
  [
    "an update",
    { UpdateExpression: "SET a.b = if_not_exists(c, :zero) + :one REMOVE d ADD e :n" },
    ["a", "c", "d", "e"],
  ],
  [
    "conditions",
    { ConditionExpression: "attribute_exists(id) AND NOT (#p IN (:a, :b)) AND size (f) > :n" },
    ["id", "price", "f"],
  ],
  [
    "a query",
    { KeyConditionExpression: "id = :id AND g BETWEEN :a AND :b", FilterExpression: "begins_with(h, :h)" },
    ["id", "g", "h"],
  ],
  [
    "the old members",
    { AttributesToGet: ["a"], Expected: { b: {} }, AttributeUpdates: { c: {} }, ScanFilter: { d: {} } },
    ["a", "b", "c", "d"],
  ],
])("names %s", (_name, body, expected) => {
  const names = attributeNames({ ...body, ExpressionAttributeNames: { "#p": "price" } });
  expect([...names].sort()).toEqual([...expected].sort());
});

it.each([
  [{}, "ALL_ATTRIBUTES"],
  [{ IndexName: "by-status" }, "ALL_PROJECTED_ATTRIBUTES"],
  [{ ProjectionExpression: "id" }, "SPECIFIC_ATTRIBUTES"],
  [{ AttributesToGet: ["id"] }, "SPECIFIC_ATTRIBUTES"],
  [{ Select: "COUNT" }, "COUNT"],
])("a read of %j selects %s", (body, expected) => {
  expect(selectOf(body)).toBe(expected);
});
