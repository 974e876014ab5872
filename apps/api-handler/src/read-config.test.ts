import { describe, expect, it } from "vitest";
import { readConfig } from "./read-config.ts";
import { CURSOR_KEY } from "./test/cursor-key.ts";

const table = { DYNAMODB_TABLE_NAME: "items-prod", CURSOR_KEY };

describe("readConfig", () => {
  it("needs the table and the key only", () => {
    expect(readConfig(table)).toEqual({
      tableName: "items-prod",
      cursorKey: CURSOR_KEY,
      allowedOrigins: [],
      logLevel: "INFO",
    });
  });

  it("reads everything", () => {
    const env = { ...table, LOG_LEVEL: "warn", CORS_ALLOW_ORIGIN: "https://a.example.com, http://localhost:5173," };
    expect(readConfig(env)).toEqual({
      tableName: "items-prod",
      cursorKey: CURSOR_KEY,
      allowedOrigins: ["https://a.example.com", "http://localhost:5173"],
      logLevel: "WARN",
    });
  });

  it("takes * for any origin", () => {
    expect(readConfig({ ...table, CORS_ALLOW_ORIGIN: "*" }).allowedOrigins).toEqual(["*"]);
  });

  it.each([
    ["DYNAMODB_TABLE_NAME", { DYNAMODB_TABLE_NAME: " " }],
    ["CURSOR_KEY", { DYNAMODB_TABLE_NAME: "items-prod" }],
    ["CURSOR_KEY", { ...table, CURSOR_KEY: CURSOR_KEY.slice(1) }],
    ["LOG_LEVEL", { ...table, LOG_LEVEL: "loud" }],
    ["CORS_ALLOW_ORIGIN", { ...table, CORS_ALLOW_ORIGIN: "https://a.example.com/" }],
    ["CORS_ALLOW_ORIGIN", { ...table, CORS_ALLOW_ORIGIN: "a.example.com" }],
  ])("names %s when it is wrong", (name, env) => {
    expect(() => readConfig(env)).toThrow(name);
  });
});
