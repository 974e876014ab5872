import type { ProblemKind } from "../src/http/problem.ts";
import { ITEM_STATUSES } from "../src/items/item.ts";
import { LIMITS } from "../src/items/limits.ts";
import { LIST_ORDERS } from "../src/items/list-query.ts";

/** What a client may be asked to be allowed to do. */
export type Scope = "items:read" | "items:write";

/** A parameter of an operation, as OpenAPI describes it. */
export interface ParameterContract {
  name: string;
  in: "query" | "header" | "path";
  required?: boolean;
  description: string;
  schema: Record<string, unknown>;
  example: unknown;
}

/** A success of an operation. */
export interface SuccessContract {
  description: string;
  /** Name of the body's schema; no body when absent. */
  schema?: SchemaName;
  headers?: readonly HeaderName[];
  /** Name of the body's example. */
  example?: string;
}

export type SchemaName = "Item" | "ItemPage" | "Health" | "DeepHealth";
export type HeaderName = "ETag" | "Location" | "Idempotent-Replayed" | "Cache-Control";

/** One operation of the API, as its clients see it. */
export interface OperationContract {
  /** As in `src/routes.ts`. */
  operationId: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  tag: "items" | "health";
  summary: string;
  description: string;
  /** What the client must be allowed to do, where the API asks who is asking. */
  scope?: Scope;
  /** Whether some environments want the request signed (Signature Version 4). */
  isSigned?: boolean;
  parameters: readonly ParameterContract[];
  /** Media types of the request's body, and the name of its schema. */
  body?: { types: readonly string[]; schema: "ItemContent" | "ItemPatch"; examples: Readonly<Record<string, unknown>> };
  successes: Readonly<Record<number, SuccessContract>>;
  /** The function's own problems; what every request can meet is added to all operations. */
  problems: readonly ProblemKind[];
}

const idParameter: ParameterContract = {
  name: "id",
  in: "path",
  required: true,
  description: "The item's id.",
  schema: { type: "string" },
  example: "0f8fad5b-d9cb-469f-a165-70867728950e",
};

const ifMatch: ParameterContract = {
  name: "If-Match",
  in: "header",
  required: true,
  description: "The `ETag` of the version that you have seen; `*` for any version.",
  schema: { type: "string" },
  example: '"1"',
};

const ifNoneMatch: ParameterContract = {
  name: "If-None-Match",
  in: "header",
  description: "The `ETag` of the version that you have; 304 when it is still the newest.",
  schema: { type: "string" },
  example: '"1"',
};

const idempotencyKey: ParameterContract = {
  name: "Idempotency-Key",
  in: "header",
  description:
    "Makes the request safe to repeat: for a day, each try with the same key and body gets the first answer, and one item is created.",
  schema: { type: "string", minLength: 1, maxLength: LIMITS.idempotencyKey.length, pattern: "^[\\x21-\\x7e]+$" },
  example: "5f0c1a52-7f6c-4a52-8a0d-3c6b2f0f4b1e",
};

const listParameters: readonly ParameterContract[] = [
  {
    name: "status",
    in: "query",
    description: "Which list.",
    schema: { type: "string", enum: [...ITEM_STATUSES], default: "active" },
    example: "active",
  },
  {
    name: "order",
    in: "query",
    description: "By creation time.",
    schema: { type: "string", enum: [...LIST_ORDERS], default: "newest" },
    example: "newest",
  },
  {
    name: "limit",
    in: "query",
    description: "The most items that the page has.",
    schema: { type: "integer", minimum: 1, maximum: LIMITS.page.largest, default: LIMITS.page.default },
    example: LIMITS.page.default,
  },
  {
    name: "cursor",
    in: "query",
    description: "The `nextCursor` of the page before, unchanged, with the same `status` and `order`.",
    schema: { type: "string", maxLength: LIMITS.cursor.length },
    example: "WzIsImFjdGl2ZSJd.kQ3w0mVnW1rT5bUe8yXo2A",
  },
];

const contentExamples = {
  shortest: { name: "Blue bicycle" },
  full: {
    name: "Blue bicycle",
    description: "Seven gears, one owner.",
    status: "active",
    attributes: { colour: "blue", gears: 7, boxed: false },
    expiresAt: "2030-01-31T12:00:00Z",
  },
};

const written: SuccessContract = {
  description: "The item as it is now.",
  schema: "Item",
  headers: ["ETag"],
  example: "item",
};
const changeProblems = ["not-found", "precondition-failed", "precondition-required", "conflict"] as const;
const bodyProblems = ["body-too-large", "unsupported-media-type"] as const;

/** The whole API. */
export const operations: readonly OperationContract[] = [
  {
    operationId: "createItem",
    method: "POST",
    path: "/items",
    tag: "items",
    summary: "Create an item",
    description: "With an `Idempotency-Key` the request can be repeated until it is answered.",
    scope: "items:write",
    parameters: [idempotencyKey],
    body: { types: ["application/json"], schema: "ItemContent", examples: contentExamples },
    successes: {
      201: {
        description: "The item was created, by this request or by an earlier try of it.",
        schema: "Item",
        headers: ["ETag", "Location", "Idempotent-Replayed"],
        example: "item",
      },
    },
    problems: [...bodyProblems, "conflict", "idempotency-key-reused"],
  },
  {
    operationId: "listItems",
    method: "GET",
    path: "/items",
    tag: "items",
    summary: "List items",
    description:
      "The items of one status. The list follows changes within about a second; an item itself is always current.",
    scope: "items:read",
    parameters: listParameters,
    successes: { 200: { description: "A page.", schema: "ItemPage", example: "page" } },
    problems: [],
  },
  {
    operationId: "getItem",
    method: "GET",
    path: "/items/{id}",
    tag: "items",
    summary: "Read an item",
    description: "Always the newest version.",
    scope: "items:read",
    parameters: [idParameter, { ...ifMatch, required: false }, ifNoneMatch],
    successes: {
      200: { description: "The item.", schema: "Item", headers: ["ETag", "Cache-Control"], example: "item" },
      304: { description: "The version named in `If-None-Match` is the newest.", headers: ["ETag", "Cache-Control"] },
    },
    problems: ["not-found", "precondition-failed"],
  },
  {
    operationId: "replaceItem",
    method: "PUT",
    path: "/items/{id}",
    tag: "items",
    summary: "Replace an item's content",
    description: "What the body leaves out is removed, or goes back to its default. No item is created by it.",
    scope: "items:write",
    parameters: [idParameter, ifMatch],
    body: { types: ["application/json"], schema: "ItemContent", examples: contentExamples },
    successes: { 200: written },
    problems: [...bodyProblems, ...changeProblems],
  },
  {
    operationId: "patchItem",
    method: "PATCH",
    path: "/items/{id}",
    tag: "items",
    summary: "Change parts of an item",
    description: "A JSON merge patch (RFC 7396). The item must be valid after it.",
    scope: "items:write",
    parameters: [idParameter, ifMatch],
    body: {
      types: ["application/merge-patch+json", "application/json"],
      schema: "ItemPatch",
      examples: { "another status, no description": { status: "archived", description: null } },
    },
    successes: { 200: written },
    problems: [...bodyProblems, ...changeProblems],
  },
  {
    operationId: "deleteItem",
    method: "DELETE",
    path: "/items/{id}",
    tag: "items",
    summary: "Delete an item",
    description: "An id is never used again.",
    scope: "items:write",
    parameters: [idParameter, ifMatch],
    successes: { 204: { description: "The item is gone." } },
    problems: [...changeProblems],
  },
  {
    operationId: "getHealth",
    method: "GET",
    path: "/health",
    tag: "health",
    summary: "Whether the function answers",
    description: "Does not read the table.",
    parameters: [],
    successes: { 200: { description: "It does.", schema: "Health", example: "health" } },
    problems: [],
  },
  {
    operationId: "getDeepHealth",
    method: "GET",
    path: "/health/deep",
    tag: "health",
    summary: "Whether the function reaches its table",
    description: "Not public in production: there it asks for a signed request of the API's own account.",
    parameters: [],
    isSigned: true,
    successes: { 200: { description: "It does.", schema: "DeepHealth", example: "deepHealth" } },
    // To a request that is not signed, where it has to be.
    problems: ["not-found"],
  },
];
