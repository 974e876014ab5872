import { type Dependencies, nodeOf } from "@slipway/analysis";
import type { EnvironmentConfig, LedgerEntry } from "@slipway/contracts";
import { publishedFunctions } from "../canary/published-functions.ts";
import { releases } from "../ledger/releases.ts";
import type { MonitoredFunction, MonitoredResources, MonitoredStage } from "../monitoring/monitored-resources.ts";
import { appliedInfrastructure } from "../release/applied-infrastructure.ts";
import { incidents } from "./incidents.ts";

/** Lambda lets no call take longer. Where nobody knows a function's own limit, nothing comes near this one by mistake. */
const LONGEST_SECONDS = 900;

/** What the ledger names of an environment. */
export interface LedgerResources {
  /** Of functions neither the timeout nor the memory is known: 900 s, which no call exceeds, and 0 MB, of which nothing is made. */
  readonly resources: MonitoredResources;
  /**
   * What may need what: any stage all functions, and any function all tables and queues. Who knows no better takes two things for one sooner
   * than one for two.
   */
  readonly dependencies: Dependencies;
  readonly apiUrl: string | undefined;
}

/**
 * What there is in an environment as far as its ledger tells, for the time in which its Terraform state cannot be read: by the outputs that
 * the last release left, the functions that releases published, and what incidents were about.
 */
export function resourcesInLedger(
  entries: readonly LedgerEntry[],
  { functions, api, data }: Pick<EnvironmentConfig, "functions" | "api" | "data">,
): LedgerResources {
  const records = releases(entries).toReversed();
  const outputs = records.map(appliedInfrastructure).find((applied) => applied !== undefined)?.outputs ?? {};
  const text = (output: string | undefined) => {
    const value = output === undefined ? undefined : outputs[output];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const released = records.flatMap((record) => [...record.functions, ...publishedFunctions(record)]);
  const known = functions.flatMap(({ name, outputs: { functionName, alias } }): MonitoredFunction[] => {
    const last = released.find((each) => each.name === name);
    const [called, behind] = [text(functionName) ?? last?.functionName, text(alias) ?? last?.alias];
    return called === undefined
      ? []
      : [
          {
            ...{ name: called, logGroup: `/aws/lambda/${called}`, aliases: behind === undefined ? [] : [behind] },
            ...{ timeoutSeconds: LONGEST_SECONDS, memoryMb: 0 },
          },
        ];
  });
  const seen = incidents(entries).flatMap(({ signals }) => signals.map(({ resource }) => resource));
  const named = (type: string) => seen.filter((each) => each.type === type).map(({ name }) => name);
  const apiUrl = text(api.urlOutput);
  const resources: MonitoredResources = {
    functions: byName(known, ({ name }) => name),
    stages: byName(
      named("api").flatMap((name) => stageOf(name, apiUrl)),
      ({ apiName, stage }) => `${apiName}/${stage}`,
    ),
    tables: unique([
      ...(data?.tables ?? []).flatMap(({ output }) => text(output) ?? []),
      ...records.flatMap(({ plan: { undo } }) => (undo === undefined ? [] : [undo.tableName])).slice(0, 1),
      ...named("table"),
    ]).map((name) => ({ name, indexes: [] })),
    ...{ queues: unique(named("queue")), alarms: unique(named("alarm")) },
    ...{ logGroups: unique(known.map(({ logGroup }) => logGroup)), dashboards: [], queries: [] },
  };
  return { resources, dependencies: dependenciesAmong(resources), apiUrl };
}

function stageOf(name: string, apiUrl: string | undefined): MonitoredStage[] {
  const slash = name.lastIndexOf("/");
  const [apiName, stage] = [name.slice(0, slash), name.slice(slash + 1)];
  const apiId = /^https?:\/\/([a-z0-9]+)\.execute-api\./.exec(apiUrl ?? "")?.[1] ?? "";
  return slash <= 0 || stage === "" ? [] : [{ apiId, apiName, stage }];
}

function dependenciesAmong({ functions, stages, tables, queues }: MonitoredResources): Dependencies {
  const called = functions.map(({ name }) => nodeOf({ type: "function", name }));
  const used = [
    ...tables.map(({ name }) => nodeOf({ type: "table", name })),
    ...queues.map((name) => nodeOf({ type: "queue", name })),
  ];
  return Object.fromEntries([
    ...stages.map(({ apiName, stage }) => [nodeOf({ type: "api", name: `${apiName}/${stage}` }), called] as const),
    ...called.map((node) => [node, used] as const),
  ]);
}

function byName<T>(all: readonly T[], nameOf: (each: T) => string): T[] {
  const found = new Map(all.map((each) => [nameOf(each), each]));
  return unique([...found.keys()]).flatMap((name) => found.get(name) ?? []);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
