import type { Benchmark, BenchmarkContext, BenchmarkResult } from "../benchmark.ts";
import { type Cleanup, withCleanup } from "../support/cleanup.ts";
import { takeTurnsAmong } from "../take-turns-among.ts";
import { type Bundle, buildSides } from "./build-sides.ts";
import { checkSides } from "./check-sides.ts";
import { type ColdStart, coldStart } from "./cold-start.ts";
import { bestOf, figuresOf } from "./figures.ts";
import { HandlerProcess } from "./handler-process.ts";
import type { FunctionSettings } from "./lambda-process.ts";
import { type ApiName, apiNames, type SideName, sideNames, titles } from "./sides.ts";
import { startDynamodbStub } from "./start-dynamodb-stub.ts";

/** Fewer cold starts than this are a look. */
const leastColdStarts = 15;
/** Round 0 does not count: so many requests until the engine has compiled what is measured afterwards. */
const leastWarmUp = 3_000;

/** What the items API's handler costs, beside what others would build. */
export const handler: Benchmark = {
  name: "handler",
  summary:
    "the items API's bundle against the AWS SDK's document client alone, and against the same API on Powertools, Hono and Express: import time and first answer of a fresh process with Lambda's flags and environment (Node's own start is not counted, files are warm), and processor time of a request of a warm one, with DynamoDB answered by a stub in another process.",
  sides: ["ours", "reference"],
  run: (context) => withCleanup((cleanup) => measure(context, cleanup)),
};

async function measure(context: BenchmarkContext, cleanup: Cleanup): Promise<BenchmarkResult> {
  const { quick, signal, say } = context;
  const rounds = context.rounds ?? (quick ? 5 : 21);
  const requests = quick ? 500 : 1_000;
  say("building the bundles");
  const bundles = await buildSides(await cleanup.temporaryFolder("handler"), signal);
  say("holding every API against the same requests");
  const findings = Object.values(await checkSides(bundles, signal)).flat();
  if (findings.length > 0) {
    throw new Error(`The sides do not do the same work, so they cannot be compared:\n${findings.join("\n")}`);
  }

  const settings = { endpoint: await startDynamodbStub(cleanup, signal), tableName: "items" };
  const coldStarts = await measureColdStarts(rounds, bundles, settings, context);
  const cpu = await measureCpu(rounds, requests, bundles, settings, cleanup, context);
  const best = bestOf(cpu);
  return {
    rounds,
    figures: figuresOf({ coldStarts, cpu, bytes: mapValues(bundles, ({ bytes }) => bytes) }),
    notes: [
      "Ours is what its own npm run build makes; the others are built by esbuild as a careful team would (one minified CommonJS file for Node 22 from ES sources, everything inside), with zod and the SDK's document client and chain of credentials, which ours does without; a creation without a key is one put for them and a transaction for ours. All four APIs passed the same scenario before, and logged and counted each of its requests.",
      `A request is one of the mix get, list of 20, create, conditional replace and delete (4:2:2:1:1), ${requests} in a row in each round; the best of the three is the one with the lowest median: ${titles[best]}.`,
      ...(rounds < leastColdStarts ? [`A measurement takes ${leastColdStarts} cold starts or more of each.`] : []),
    ],
  };
}

function measureColdStarts(
  rounds: number,
  bundles: Readonly<Record<SideName, Bundle>>,
  settings: FunctionSettings,
  { signal, say }: BenchmarkContext,
): Promise<Record<SideName, ColdStart[]>> {
  const sides = mapValues(
    bundles,
    ({ path }) =>
      () =>
        coldStart(path, settings, signal),
  );
  return takeTurnsAmong(rounds, sides, {
    signal,
    onRound: (round, measured) =>
      say(`import, round ${round} of ${rounds}: ${describe(sideNames, (name) => measured[name].importMs, "ms")}`),
  });
}

async function measureCpu(
  rounds: number,
  requests: number,
  bundles: Readonly<Record<SideName, Bundle>>,
  settings: FunctionSettings,
  cleanup: Cleanup,
  { signal, say }: BenchmarkContext,
): Promise<Record<ApiName, number[]>> {
  const requestsIn = (round: number) => (round === 0 ? Math.max(requests, leastWarmUp) : requests);
  const processes = apiNames.map(
    (name) => [name, new HandlerProcess(bundles[name].path, settings, cleanup, signal)] as const,
  );
  const sides = mapValues(
    Object.fromEntries(processes) as Record<ApiName, HandlerProcess>,
    (process) => (round: number) => process.measure(requestsIn(round)),
  );
  return takeTurnsAmong(rounds, sides, {
    signal,
    onRound: (round, measured) =>
      say(`requests, round ${round} of ${rounds}: ${describe(apiNames, (name) => measured[name], "µs of CPU")}`),
  });
}

function describe<Name extends SideName>(names: readonly Name[], value: (name: Name) => number, unit: string): string {
  return `${names.map((name) => `${titles[name]} ${value(name).toFixed(0)}`).join(", ")} ${unit}`;
}

function mapValues<Name extends string, From, To>(
  values: Readonly<Record<Name, From>>,
  map: (value: From) => To,
): Record<Name, To> {
  const entries = (Object.entries(values) as [Name, From][]).map(([name, value]) => [name, map(value)]);
  return Object.fromEntries(entries) as Record<Name, To>;
}
