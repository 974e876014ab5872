import { expect, test } from "vitest";
import { goldenSignals } from "./golden-signals.ts";

const resources = {
  stages: [{ apiId: "a1", apiName: "orders-prod", stage: "prod" }],
  functions: [{ name: "orders-prod", logGroup: "/g", aliases: ["live"], timeoutSeconds: 3, memoryMb: 128 }],
  tables: [{ name: "orders-prod", indexes: ["by-status"] }],
  queues: ["orders-lost"],
};
const inUse = [{ functionName: "orders-prod", alias: "live", versions: ["7", "6"] }];
const signals = goldenSignals(resources, inUse);
const named = (of: string, name: string) => signals.find((signal) => signal.of === of && signal.name === name);

test("each metric has all of its dimensions: with one more or less it is another one", () => {
  const dimensions = (of: string, name: string) => named(of, name)?.metric.dimensions;
  expect(dimensions("API orders-prod, stage prod", "5xx")).toEqual({ ApiName: "orders-prod", Stage: "prod" });
  expect(dimensions("function orders-prod", "errors")).toEqual({ FunctionName: "orders-prod" });
  expect(dimensions("function orders-prod, version 7 by live", "errors")).toEqual({
    ...{ FunctionName: "orders-prod", Resource: "orders-prod:live", ExecutedVersion: "7" },
  });
  expect(dimensions("table orders-prod", "Query p99")).toEqual({ TableName: "orders-prod", Operation: "Query" });
  expect(dimensions("table orders-prod, index by-status", "throttled reads")).toEqual({
    ...{ TableName: "orders-prod", GlobalSecondaryIndexName: "by-status" },
  });
  expect(dimensions("table orders-prod, index by-status", "read units")).toEqual({
    ...{ TableName: "orders-prod", GlobalSecondaryIndexName: "by-status" },
  });
  expect(dimensions("table orders-prod", "Query errors")).toEqual({ TableName: "orders-prod", Operation: "Query" });
  expect(dimensions("queue orders-lost", "waiting")).toEqual({ QueueName: "orders-lost" });
});

test("what is a part names a signal of the same resource that can be added up", () => {
  const parts = signals.filter(({ partOf }) => partOf !== undefined);
  expect(parts.length).toBeGreaterThan(3);
  for (const { of, partOf = "" } of parts) {
    expect(named(of, partOf)?.statistic).toBe("Sum");
  }
});

test("a resource has each name once", () => {
  const names = signals.map(({ of, name }) => `${of}: ${name}`);
  expect(new Set(names).size).toBe(names.length);
});

test("an environment without resources has no signals", () => {
  expect(goldenSignals({ stages: [], functions: [], tables: [], queues: [] })).toEqual([]);
});
