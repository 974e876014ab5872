import { expect, test } from "vitest";
import { attributesForFilter, bodyForFilter, compileFilterPolicy } from "./filter-policy.ts";

const attributes = attributesForFilter({
  store: { type: "String", value: "Example_Corp" },
  price: { type: "Number", value: "100.5" },
  interests: { type: "String.Array", value: '["soccer", "rugby"]' },
  blob: { type: "Binary", value: "AAAA" },
});

// Operators as in "Filter policy constraints and matching" of the SNS developer guide.
test.each([
  [{}, true],
  [{ store: ["Example_Corp"] }, true],
  [{ store: ["other", "Example_Corp"], price: [100.5] }, true],
  [{ store: ["Example_Corp"], price: [1] }, false],
  [{ interests: ["rugby"] }, true],
  [{ interests: ["hockey"] }, false],
  [{ store: [{ prefix: "Example" }] }, true],
  [{ store: [{ suffix: "Corp" }] }, true],
  [{ store: [{ "equals-ignore-case": "EXAMPLE_CORP" }] }, true],
  [{ store: [{ wildcard: "Ex*_C*p" }] }, true],
  [{ store: [{ "anything-but": ["Example_Corp"] }] }, false],
  [{ store: [{ "anything-but": { prefix: "Other" } }] }, true],
  [{ price: [{ numeric: [">", 100, "<=", 100.5] }] }, true],
  [{ price: [{ numeric: ["=", 100] }] }, false],
  [{ missing: [{ exists: false }] }, true],
  [{ store: [{ exists: false }] }, false],
  [{ blob: [{ exists: true }] }, false],
  [{ missing: [{ "anything-but": "x" }] }, false],
  [{ $or: [{ store: ["x"] }, { price: [{ numeric: [">", 1] }] }] }, true],
])("attributes and %j: %s", (policy, expected) => {
  expect(compileFilterPolicy(JSON.stringify(policy), "MessageAttributes")(attributes)).toBe(expected);
});

test.each([
  [{ order: { items: { kind: ["book"] } } }, true],
  [{ order: { total: [{ numeric: [">=", 10] }] }, test: [true] }, true],
  [{ order: { items: { kind: ["film"] } } }, false],
  [{ other: { kind: ["book"] } }, false],
])("a body and %j: %s", (policy, expected) => {
  const body = bodyForFilter(
    JSON.stringify({ order: { items: [{ kind: "pen" }, { kind: "book" }], total: 12 }, test: true }),
  );
  expect(compileFilterPolicy(JSON.stringify(policy), "MessageBody")(body ?? {})).toBe(expected);
});

test("a body that is no JSON object is nothing a policy could match", () => {
  expect(bodyForFilter("plain text")).toBeUndefined();
});

test.each([
  ["not json"],
  ['{"a":"text"}'],
  ['{"a":[]}'],
  ['{"a":{"nested":["x"]}}'],
  ['{"a":[{"numeric":[">"]}]}'],
  ['{"a":[{"prefix":1}]}'],
  ['{"a":[{"unknown":"x"}]}'],
  ['{"a":[{"prefix":"x","suffix":"y"}]}'],
])("%s is refused", (policy) => {
  expect(() => compileFilterPolicy(policy, "MessageAttributes")).toThrow(
    expect.objectContaining({ code: "InvalidParameterException" }),
  );
});
