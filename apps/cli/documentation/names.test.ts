import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { goldenSignals, type MetricName } from "@slipway/release-engine";
import { expect, test } from "vitest";
import { findQuery, nameQueries } from "../src/insights/saved-query-names.ts";
import { findSignals } from "../src/metrics/find-signals.ts";
import { documentCommands } from "./document-commands.ts";
import { listDocuments } from "./list-documents.ts";
import { savedQueries, terraformAlarms } from "./terraform-alarms.ts";

// At night a name that is nearly right is no help: what guide and runbooks ask for by name is there in this service.

const repository = resolve(import.meta.dirname, "../../..");
const alarms = terraformAlarms(repository).map(({ name }) => name);
const resources = {
  functions: [
    {
      name: "api-handler-prod",
      logGroup: "/aws/lambda/api-handler-prod",
      aliases: ["live"],
      timeoutSeconds: 10,
      memoryMb: 512,
    },
  ],
  stages: [{ apiId: "a1b2c3", apiName: "items-api-prod", stage: "prod" }],
  tables: [{ name: "items-prod", indexes: ["status-index"] }],
  queues: ["api-handler-prod-dead-letters"],
  ...{ logGroups: [], alarms, dashboards: [], queries: [] },
};
const inUse = [{ functionName: "api-handler-prod", alias: "live", versions: ["7", "8"] }];
const signals = goldenSignals(resources, inUse);
/** What the function counts itself, as apps/api-handler/src/telemetry/request-line.ts has it. */
const own = ["requests", "faults", "throttles", "latency", "coldStarts"].flatMap((name): MetricName[] =>
  [[], ["operation"], ["functionVersion"]].map(([by]) => ({
    ...{ namespace: "ItemsApi", name },
    dimensions: { service: "items-api", ...(by === undefined ? {} : { [by]: "x" }) },
  })),
);
const byOperation: MetricName = {
  ...{ namespace: "AWS/DynamoDB", name: "SuccessfulRequestLatency" },
  dimensions: { TableName: "items-prod", Operation: "GetItem" },
};
const metrics = {
  list: async (namespace?: string) =>
    [...signals.map(({ metric }) => metric), ...own, byOperation].filter(
      (metric) => namespace === undefined || metric.namespace === namespace,
    ),
};
const saved = nameQueries(
  Object.entries(savedQueries(repository)).map(([name, query]) => ({
    name: `api-handler-prod/${name}`,
    query,
    groups: [],
  })),
);

const typed = listDocuments(repository)
  .filter((file) => /^docs\/(?:guide|runbooks)\//.test(file))
  .flatMap((file) => documentCommands(readFileSync(join(repository, file), "utf8")))
  .filter(({ words }) => words[0] === "slipway")
  .map(({ words }) => words.slice(1));

/** The different second words of a command, such as the metric of `slipway metrics ENV METRIC`, each with the flags after it. */
function asked(command: string): readonly (readonly [name: string, flags: readonly string[]])[] {
  const all = typed.filter(([first, , name = "-"]) => first === command && !name.startsWith("-"));
  const keyed = new Map(all.map(([, , name = "", ...flags]) => [`${name} ${flags.join(" ")}`, [name, flags] as const]));
  return [...keyed.values()];
}

test.each(asked("metrics"))("there is something to show of %s %j", async (name, flags) => {
  const by = flags[flags.indexOf("--by") + 1];
  const search = {
    signals,
    resources,
    metrics: metrics as never,
    environment: "prod",
    signal: AbortSignal.timeout(5_000),
  };

  const found = await findSignals(name, flags.includes("--by") ? by : undefined, search);

  expect(found.signals.length).toBeGreaterThan(0);
});

test.each(asked("alarms"))("there is an alarm %s", (name) => {
  expect(alarms.some((alarm) => alarm.includes(name))).toBe(true);
});

test.each(asked("insights"))("%s is a saved query, or one of its own", (text) => {
  expect(() => findQuery(saved, text, "prod")).not.toThrow();
});

test("there are some of each", () => {
  expect([asked("metrics"), asked("alarms"), asked("insights")].map(({ length }) => length > 8)).toEqual([
    true,
    true,
    true,
  ]);
});
