import fc from "fast-check";
import { arbitraryOf } from "./arbitrary-of.ts";
import type { Memory } from "./memory.ts";
import { type OpenApiDocument, type Operation, operationsOf, type ParameterObject } from "./openapi-document.ts";
import type { WireRequest } from "./wire.ts";

/** A request whose parts are chosen, but for what it takes from earlier answers. */
export type RequestRecipe = (memory: Memory) => WireRequest;

/** What an operation with parameters is asked for more often than one without, which has one answer. */
const WEIGHTS = { withParameters: 6, without: 1 };

/**
 * Requests as a contract allows them: every operation, each parameter there or not as it may be, bodies of their schemas. Ids, entity
 * tags, cursors and idempotency keys are mostly those that earlier answers have given, now and then of another item, outdated or made up.
 */
export function contractRequests(document: OpenApiDocument): fc.Arbitrary<RequestRecipe> {
  return fc.oneof(
    ...operationsOf(document).map((operation) => ({
      weight: (operation.parameters ?? []).length > 0 ? WEIGHTS.withParameters : WEIGHTS.without,
      arbitrary: requestsFor(operation, document),
    })),
  );
}

/** What a recipe puts into a request, part by part. */
interface Draft {
  path: string;
  /** The value of the path's parameter. */
  id: string;
  query: [string, string][];
  headers: [string, string][];
  body?: string;
}

type Step = (draft: Draft, memory: Memory) => void;

function requestsFor(operation: Operation, document: OpenApiDocument): fc.Arbitrary<RequestRecipe> {
  const { method, template, parameters = [], requestBody } = operation;
  // The path first and the body last but for parameters that look at it: entity tags belong to ids, keys to bodies.
  const order = (parameter: ParameterObject) => ["path", "query", "header"].indexOf(parameter.in);
  const steps = [
    bodyOf(requestBody?.content, document),
    ...[...parameters].sort((one, other) => order(one) - order(other)).map((one) => parameterOf(one, document)),
    accept(operation),
  ];
  return fc.tuple(...steps).map((chosen) => (memory) => {
    const draft: Draft = { path: template, id: "", query: [], headers: [] };
    for (const step of chosen) step(draft, memory);
    const { path, query, headers, body } = draft;
    return { method, path, query, headers, body };
  });
}

function bodyOf(
  content: Readonly<Record<string, { readonly schema: object }>> | undefined,
  document: OpenApiDocument,
): fc.Arbitrary<Step> {
  if (content === undefined) return fc.constant(() => {});
  const types = Object.keys(content);
  const mediaType = fc
    .tuple(fc.constantFrom(...types), fc.constantFrom("", "", "; charset=utf-8"))
    .map(([type, parameter]) => `${type}${parameter}`);
  const value = arbitraryOf(content[types[0] ?? ""]?.schema ?? {}, document);
  return fc.tuple(mediaType, value, fc.constantFrom(0, 0, 0, 2)).map(([type, json, indent]) => (draft) => {
    draft.headers.push(["Content-Type", type]);
    draft.body = JSON.stringify(json, undefined, indent);
  });
}

function parameterOf(parameter: ParameterObject, document: OpenApiDocument): fc.Arbitrary<Step> {
  const step = present(parameter, document);
  if (parameter.required === true) return step;
  return fc.oneof(
    fc.constant<Step>(() => {}),
    step,
  );
}

function present(parameter: ParameterObject, document: OpenApiDocument): fc.Arbitrary<Step> {
  const { name } = parameter;
  if (parameter.in === "path") return pathParameter(name);
  if (name === "If-Match" || name === "If-None-Match") return entityTag(name);
  const values = arbitraryOf(parameter.schema, document).map(String);
  if (name === "Idempotency-Key") return idempotencyKey(name, values);
  if (name === "cursor") return cursor(values);
  const target = parameter.in === "query" ? "query" : "headers";
  return values.map((value) => (draft) => draft[target].push([name, value]));
}

/** Any of many: a number that becomes a place once it is known how many there are. */
const place = fc.nat();

function at<T>(list: readonly T[], number: number): T | undefined {
  return list[number % Math.max(1, list.length)];
}

function pathParameter(name: string): fc.Arbitrary<Step> {
  const madeUp = fc.oneof(
    fc.uuid(),
    fc.string({ unit: "binary", minLength: 1, maxLength: 40 }).map(encodeURIComponent).filter(isSegment),
  );
  return fc.tuple(fc.nat(19), place, madeUp).map(([choice, number, other]) => (draft, { ids, gone }) => {
    draft.id = (choice > 1 ? at(ids, number) : choice > 0 ? at(gone, number) : undefined) ?? other;
    draft.path = draft.path.replace(`{${name}}`, () => draft.id);
  });
}

/** Not one that changes which path it is. */
function isSegment(text: string): boolean {
  return text !== "." && text !== "..";
}

function entityTag(name: string): fc.Arbitrary<Step> {
  const stale = fc.integer({ min: 1, max: 9 }).map((version) => `"${version}"`);
  return fc.tuple(fc.nat(9), stale).map(([choice, other]) => (draft, { etags }) => {
    const current = etags.get(draft.id) ?? other;
    const value = choice === 0 ? "*" : choice === 1 ? other : choice === 2 ? `"none", ${current}` : current;
    draft.headers.push([name, value]);
  });
}

function idempotencyKey(name: string, values: fc.Arbitrary<string>): fc.Arbitrary<Step> {
  return fc.tuple(fc.nat(9), place, values).map(([choice, number, fresh]) => (draft, { keyed }) => {
    const known = choice < 3 ? at(keyed, number) : undefined;
    draft.headers.push([name, known?.key ?? fresh]);
    // Mostly a retry; now and then another request under a key that is taken.
    if (known !== undefined && choice > 0) draft.body = known.body;
  });
}

function cursor(values: fc.Arbitrary<string>): fc.Arbitrary<Step> {
  return fc.tuple(fc.nat(9), place, values).map(([choice, number, other]) => (draft, { cursors }) => {
    const known = choice > 0 ? at(cursors, number) : undefined;
    if (known !== undefined && choice > 1) draft.query = known.query.map(([name, value]) => [name, value]);
    draft.query.push(["cursor", known?.cursor ?? other]);
  });
}

/** Media types that an operation answers with, as clients name them. */
function accept({ responses }: Operation): fc.Arbitrary<Step> {
  const types = Object.values(responses).flatMap(({ content = {} }) => Object.keys(content));
  if (!types.includes("application/json")) return fc.constant(() => {});
  const value = fc.constantFrom(undefined, undefined, "application/json", "*/*", "text/html, application/json;q=0.9");
  return value.map((chosen) => (draft) => {
    if (chosen !== undefined) draft.headers.push(["Accept", chosen]);
  });
}
