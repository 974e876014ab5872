import { expect, test } from "vitest";
import { validateQueuePolicy } from "./queue-policy.ts";

const statement = { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" };

function policy(...statements: readonly unknown[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** The statement with some members changed; `undefined` takes one away. */
function changed(change: Readonly<Record<string, unknown>>): string {
  return policy({ ...statement, ...change });
}

test.each([
  ["everybody", policy(statement)],
  ["an account", changed({ Principal: { AWS: "111122223333" } })],
  ["a service", changed({ Principal: { Service: "sns.amazonaws.com" }, Condition: { ArnEquals: {} } })],
  ["all but one", changed({ Principal: undefined, NotPrincipal: { AWS: "*" }, Effect: "Deny" })],
  ["one statement that is no list", JSON.stringify({ Statement: statement })],
])("a policy for %s is taken", (_what, text) => {
  expect(() => validateQueuePolicy(text)).not.toThrow();
});

test.each([
  ["It is not a JSON object.", "{"],
  ["It is not a JSON object.", "[]"],
  ["It is longer than 8192 bytes.", changed({ Sid: "x".repeat(8_192) })],
  ['Its Version is "2026-01-01", neither', JSON.stringify({ Version: "2026-01-01", Statement: statement })],
  ["It has no Statement.", policy()],
  ["It has more than 20 statements.", policy(...Array(21).fill(statement))],
  ["A statement is not an object.", policy("Allow")],
  ["The Effect of a statement is neither Allow nor Deny.", changed({ Effect: "Perhaps" })],
  ["A statement has no Principal.", changed({ Principal: undefined })],
  ["Principal and NotPrincipal of a statement exclude each other.", changed({ NotPrincipal: "*" })],
  ["A statement has no Action.", changed({ Action: undefined })],
  ["Resource and NotResource of a statement exclude each other.", changed({ NotResource: "*" })],
  ["A statement has an action that is not one of SQS.", changed({ Action: ["sqs:SendMessage", "s3:GetObject"] })],
  ["The Condition of a statement is not an object.", changed({ Condition: "x" })],
  ["The Principal of a statement is neither * nor an object.", changed({ Principal: {} })],
  ["A statement has an invalid principal of kind AWS.", changed({ Principal: { AWS: "ann" } })],
  ["A statement has an invalid principal of kind Robot.", changed({ Principal: { Robot: "x" } })],
])("refused: %s", (reason, text) => {
  expect(() => validateQueuePolicy(text)).toThrow(reason);
});
