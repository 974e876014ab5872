import { ReleaseError } from "@slipway/release-engine";
import { describe, expect, it } from "vitest";
import { parseState } from "./parse-state.ts";

const state = {
  version: 4,
  serial: 12,
  outputs: { url: { value: "https://x", type: "string" }, token: { value: "secret", type: "string", sensitive: true } },
  resources: [
    {
      ...{ mode: "managed", module: "module.table", type: "aws_dynamodb_table", name: "this", provider: "p" },
      instances: [{ attributes: { id: "items", arn: "arn:items", name: "items" } }],
    },
    {
      ...{ mode: "managed", type: "aws_db_instance", name: "db", provider: "p" },
      instances: [
        {
          index_key: "main",
          attributes: { id: "db", password: "hunter2", tags: {} },
          sensitive_attributes: [[{ type: "get_attr", value: "password" }]],
        },
        { index_key: 1, attributes: { id: "db1" } },
      ],
    },
    {
      mode: "data",
      type: "aws_s3_bucket",
      name: "theirs",
      provider: "p",
      instances: [{ attributes: { id: "theirs" } }],
    },
  ],
};

describe("parseState", () => {
  it("reads managed resources with their addresses, and no data sources", () => {
    const { serial, resources } = parseState(JSON.stringify(state), "x");

    expect(serial).toBe(12);
    expect(resources.map(({ address }) => address)).toEqual([
      "module.table.aws_dynamodb_table.this",
      'aws_db_instance.db["main"]',
      "aws_db_instance.db[1]",
    ]);
    expect(resources[0]).toMatchObject({ type: "aws_dynamodb_table", name: "this", id: "items", arn: "arn:items" });
  });

  it("leaves sensitive values behind", () => {
    const parsed = parseState(JSON.stringify(state), "x");

    expect(JSON.stringify(parsed)).not.toMatch(/hunter2|secret/);
    expect(parsed.outputs).toEqual({ url: "https://x" });
  });

  it.each([
    ["{", "it is no JSON document"],
    ["[]", "it is no JSON object"],
    ["{}", "it has no version"],
    ['{"version":3,"serial":1}', "it is of version 3, and only version 4 is known"],
  ])("refuses %s", (text, why) => {
    expect(() => parseState(text, "s3://states/prod")).toThrow(ReleaseError);
    expect(() => parseState(text, "s3://states/prod")).toThrow(why);
  });
});
