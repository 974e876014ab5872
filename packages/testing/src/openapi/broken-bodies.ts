import fc from "fast-check";
import { headerOf, type WireRequest, withHeader } from "./wire.ts";

type Change = (request: WireRequest) => WireRequest;

/** Over every limit of a body, and of what a stack would bear. */
const HUGE = 70_000;

/** Changes that break a request's body: what is JSON is of the wrong shape, or it is no JSON, no UTF-8, too deep, too long, or missing. */
export function brokenBodies(): fc.Arbitrary<Change> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.nat(), junk).map(([place, value]) => mutate(place, () => value)) },
    { weight: 4, arbitrary: fc.tuple(memberNames, junk).map(([name, value]) => addMember(name, value)) },
    { weight: 2, arbitrary: fc.tuple(fc.nat(), junk).map(([place, value]) => mutate(place, (old) => [old, value])) },
    { weight: 2, arbitrary: fc.constantFrom(...texts).map((body) => withBody(body)) },
    { weight: 2, arbitrary: fc.nat().map(cut) },
    { weight: 2, arbitrary: fc.tuple(fc.nat(), fc.string({ unit: "binary", maxLength: 3 })).map(insert) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((body) => withBody(body)) },
    { weight: 1, arbitrary: fc.constant<Change>(asBytes) },
    { weight: 1, arbitrary: fc.nat(2).map(huge) },
    { weight: 1, arbitrary: fc.constant<Change>((request) => ({ ...request, body: undefined })) },
  );
}

const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1.5, 1e300, 5e-324, -1e16, "", " ", "\u0000", "\u200b", [], {}, [[]], {
    a: { b: 1 },
  }),
  fc.constantFrom("\ud800", "a\udc00b", "\ufeffx", "x".repeat(201), "😀".repeat(200), "y".repeat(4_001), "ACTIVE"),
  fc.constantFrom(
    "2030-02-30T00:00:00Z",
    "2030-01-01",
    "9999-12-31T23:59:59-23:59",
    "0000-01-01T00:00:00+23:59",
    "tomorrow",
  ),
  fc.constantFrom({ $ref: "#" }, { __proto__: null, toString: 1 }, JSON.parse('{"__proto__": {"name": "x"}}')),
  fc.jsonValue({ maxDepth: 3 }),
);

const memberNames = fc.oneof(
  fc.constantFrom(
    "id",
    "version",
    "createdAt",
    "kind",
    "Name",
    "colour",
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "",
  ),
  fc.constantFrom("a/b~c", "\ud800", "name ", "x".repeat(1_000), "expiresAtEpoch", "writeId"),
  fc.string({ unit: "binary", maxLength: 10 }),
);

const texts = [
  "null",
  "[]",
  "1e999",
  '"text"',
  "{",
  '{"name":"a"}}',
  "{'name':'a'}",
  '{"name":"a","name":5}',
  '{"name":"\\ud800"}',
  '{"name":"\ud800"}',
  '{"name":1e999}',
  '{"attributes":{"a":-0,"b":1E400}}',
  '\ufeff{"name":"a"}',
  '{"name":"a",}',
  '{"name":undefined}',
  " ",
  '{"__proto__":{"name":"a"}}',
  '{"name":"a","attributes":{"__proto__":1}}',
  '{"name":"a","attributes":{"constructor":"x"}}',
  "<name>a</name>",
  "name=a",
];

function withBody(body: WireRequest["body"]): Change {
  return (request) => withType({ ...request, body });
}

/** Something that is sent has a type, or the type is all that is wrong with it. */
function withType(request: WireRequest): WireRequest {
  return headerOf(request, "Content-Type") === undefined
    ? withHeader(request, "Content-Type", "application/json")
    : request;
}

/** The body with one of its values, at any depth, made another one. */
function mutate(place: number, change: (old: unknown) => unknown): Change {
  return edit((value) => {
    const places = pathsOf(value);
    const path = places[place % places.length] ?? [];
    return replaceAt(value, path, change);
  });
}

function addMember(name: string, value: unknown): Change {
  return edit((body) => {
    if (typeof body !== "object" || body === null) return { [name]: value };
    // Not by assignment: "__proto__" is to be a member like any other.
    return Object.fromEntries([...Object.entries(body), [name, value]]);
  });
}

function edit(change: (value: unknown) => unknown): Change {
  return (request) => {
    try {
      const value: unknown = typeof request.body === "string" ? JSON.parse(request.body) : { name: "a" };
      return withBody(JSON.stringify(change(value)) ?? "")(request);
    } catch {
      return request; // Broken already.
    }
  };
}

function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, member]) => pathsOf(member, [...path, name]))];
}

function replaceAt(value: unknown, [name, ...rest]: readonly string[], change: (old: unknown) => unknown): unknown {
  if (name === undefined) return change(value);
  return Object.fromEntries(
    Object.entries(value as object).map(([each, member]) => [
      each,
      each === name ? replaceAt(member, rest, change) : member,
    ]),
  );
}

function cut(place: number): Change {
  return (request) =>
    typeof request.body === "string" && request.body !== ""
      ? { ...request, body: request.body.slice(0, place % request.body.length) }
      : request;
}

function insert([place, text]: [number, string]): Change {
  return (request) => {
    if (typeof request.body !== "string") return request;
    const position = place % (request.body.length + 1);
    return { ...request, body: request.body.slice(0, position) + text + request.body.slice(position) };
  };
}

/** As bytes: the gateway hands them over in base64. */
function asBytes(request: WireRequest): WireRequest {
  return typeof request.body === "string" ? { ...request, body: new TextEncoder().encode(request.body) } : request;
}

function huge(kind: number): Change {
  const open = "[".repeat(HUGE);
  return withBody(
    [
      `{"name":"a","description":"${"x".repeat(HUGE)}"}`,
      open,
      `{"attributes":${'{"a":'.repeat(200)}1${"}".repeat(200)}}`,
    ][kind],
  );
}
