import { expect, it } from "vitest";
import { accessLogFields } from "./access-log-fields.ts";

const of = (format: object) => accessLogFields(JSON.stringify(format));

it.each([
  [
    { status: "$context.status", sourceIp: "$context.identity.sourceIp" },
    { status: "status", caller: "sourceIp" },
  ],
  [
    { answer: { code: "$context.status" }, who: { ip: "$context.identity.sourceIp", user: "$context.identity.user" } },
    { status: "answer.code", caller: "who.ip" },
  ],
  [
    { "http-status": "$context.status", principal: "$context.authorizer.principalId" },
    { status: "`http-status`", caller: "principal" },
  ],
  [{ status: "$context.status" }, { status: "status" }],
])("finds the names that a format gives: %j", (format, fields) => {
  expect(of(format)).toEqual(fields);
});

it.each([
  "$context.identity.sourceIp $context.status",
  "",
  '{"path": "$context.path"}',
  '{"status": "was $context.status"}',
  "null",
])("knows of nothing to ask in %j", (format) => {
  expect(accessLogFields(format)).toBeUndefined();
});
