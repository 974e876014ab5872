import fc from "fast-check";
import { brokenBodies } from "./broken-bodies.ts";
import { contractRequests, type RequestRecipe } from "./contract-requests.ts";
import type { OpenApiDocument } from "./openapi-document.ts";
import { headerOf, type WireRequest, withHeader } from "./wire.ts";

type Change = (request: WireRequest) => WireRequest;

const MOST_CHANGES = 3;

/** Requests that began as the contract allows them and were then broken in one to three places: body, parameters, headers, method, path. */
export function malformedRequests(document: OpenApiDocument): fc.Arbitrary<RequestRecipe> {
  const change = fc.oneof(
    { weight: 12, arbitrary: brokenBodies() },
    { weight: 4, arbitrary: brokenQueries() },
    { weight: 6, arbitrary: brokenHeaders() },
    { weight: 1, arbitrary: otherMethods() },
    { weight: 2, arbitrary: otherPaths() },
  );
  const changes = fc.array(change, { minLength: 1, maxLength: MOST_CHANGES });
  return fc.tuple(contractRequests(document), changes).map(
    ([recipe, chosen]) =>
      (memory) =>
        chosen.reduce((request, each) => each(request), recipe(memory)),
  );
}

const anyText = fc.string({ unit: "binary", maxLength: 30 });

function brokenQueries(): fc.Arbitrary<Change> {
  const names = fc.constantFrom("status", "order", "limit", "cursor", "Limit", "page", "__proto__", "constructor", "");
  const values = fc.oneof(
    anyText,
    fc.constantFrom(
      "",
      "0",
      "-1",
      "101",
      "1e1",
      "1.0",
      " 5",
      "０１",
      "NaN",
      "true",
      "null",
      "active,archived",
      "[object]",
    ),
    fc.constantFrom("x".repeat(501), "a.b.c", ".", "e30.", "bnVsbA.AAAAAAAAAAAAAAAAAAAAAA"),
  );
  return fc.oneof(
    fc.tuple(names, values).map(
      ([name, value]): Change =>
        (request) => ({
          ...request,
          query: [...request.query.filter(([each]) => each !== name), [name, value]],
        }),
    ),
    fc.tuple(names, values, values).map(
      ([name, one, other]): Change =>
        (request) => ({
          ...request,
          query: [...request.query, [name, one], [name, other]],
        }),
    ),
    fc.tuple(fc.nat(), fc.constantFrom("A", "z", "-", "=", ".", " ", "é")).map(
      // One character of the cursor is another.
      ([number, character]): Change =>
        (request) => ({
          ...request,
          query: request.query.map(([name, value]) => {
            const position = number % Math.max(1, value.length);
            const isCursor = name === "cursor";
            return [name, isCursor ? value.slice(0, position) + character + value.slice(position + 1) : value];
          }),
        }),
    ),
  );
}

const HEADERS: readonly (readonly [name: string, values: readonly string[]])[] = [
  [
    "If-Match",
    [
      "1",
      '"1',
      '1"',
      "W/1",
      'W/"1"',
      '"1","2"',
      '"1" "2"',
      "**",
      "",
      " ",
      '"\\""',
      '"1",',
      ',"1"',
      "null",
      "*, *",
      '"ü"',
    ],
  ],
  ["If-None-Match", ["1", '"', '"1" x', "", ",", 'w/"1"', "*,*", `"${"9".repeat(3_000)}"`]],
  ["Idempotency-Key", ["", " ", "a b", "é", "x".repeat(256), "\t", "a,b", '"quoted"']],
  [
    "Content-Type",
    [
      "",
      ";",
      "text/plain",
      "text/html; charset=utf-8",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/json-patch+json",
      "application/vnd.api+json",
      "APPLICATION/JSON",
      "application/json;charset=utf-16",
      "application/json, application/json",
      "application/*",
      "json",
    ],
  ],
  [
    "Accept",
    [
      "",
      ",",
      "text/html",
      "application/*",
      "application/json;q=0",
      "*/*;q=0",
      "*/*;q=x",
      "application/json;q=1e9",
      "image/png, */*;q=0.1",
      "application/problem+json",
      ";q=1",
      "a".repeat(2_000),
    ],
  ],
  ["Origin", ["null", "https://evil.example.com", "x", ""]],
  ["X-HTTP-Method-Override", ["DELETE"]],
  ["Prefer", ["return=minimal"]],
];

function brokenHeaders(): fc.Arbitrary<Change> {
  const names = fc.constantFrom(...HEADERS.map(([name]) => name));
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(...HEADERS).chain(([name, values]) => fc.constantFrom(...values).map(set(name))),
    },
    {
      weight: 2,
      arbitrary: names.map(
        (name): Change =>
          (request) =>
            withHeader(request, name, undefined),
      ),
    },
    { weight: 1, arbitrary: fc.tuple(names, anyText).map(([name, value]) => set(name)(value)) },
    // Twice, and the second time in another case.
    {
      weight: 1,
      arbitrary: names.map(
        (name): Change =>
          (request) => ({
            ...request,
            headers: [...request.headers, [name.toLowerCase(), headerOf(request, name) ?? "x"]],
          }),
      ),
    },
  );
}

function set(name: string): (value: string) => Change {
  return (value) => (request) => withHeader(request, name, value);
}

function otherMethods(): fc.Arbitrary<Change> {
  const methods = [
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "PROPFIND",
    "PURGE",
    "get",
    "Post",
  ];
  return fc.constantFrom(...methods).map((method) => (request) => ({ ...request, method }));
}

function otherPaths(): fc.Arbitrary<Change> {
  const suffixes = ["/", "//", "/x", "%00", "%2F", "%", "?", ";a=b", "/..", " ", "\n", ".json", "é", "/constructor"];
  const paths = [
    "",
    "/",
    "//items",
    "/Items",
    "/item",
    "/items/items",
    "/health/",
    "/health/deep/x",
    "/__proto__",
    "*",
  ];
  const ids = [
    "idempotency%23x",
    "idempotency#x",
    "migration#0001",
    "health",
    "x".repeat(3_000),
    "undefined",
    "{id}",
    "%7Bid%7D",
  ];
  return fc.oneof(
    fc.constantFrom(...suffixes).map(
      (suffix): Change =>
        (request) => ({ ...request, path: request.path + suffix }),
    ),
    fc.constantFrom(...paths).map(
      (path): Change =>
        (request) => ({ ...request, path }),
    ),
    fc.constantFrom(...ids).map(
      (id): Change =>
        (request) => ({ ...request, path: `/items/${id}` }),
    ),
    fc.constantFrom("upper", "cut").map(
      (how): Change =>
        (request) => ({
          ...request,
          path: how === "upper" ? request.path.toUpperCase() : request.path.slice(0, -1),
        }),
    ),
  );
}
