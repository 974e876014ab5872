import type { Benchmark, BenchmarkContext, BenchmarkResult, Figure } from "../benchmark.ts";
import { compareRounds } from "../compare-rounds.ts";
import { type Cleanup, withCleanup } from "../support/cleanup.ts";
import { startLocalAws } from "../support/local-aws-server.ts";
import { takeTurns } from "../take-turns.ts";
import { startDynalite } from "./dynalite-server.ts";
import { ItemsLoad, inFlight, type LoadResult, type Turn } from "./items-load.ts";

const target = { is: "at least", value: 0.8 } as const;
/** Round 0 does not count: so many requests until the engine has compiled what is measured afterwards. */
const leastWarmUp = 3_000;

/** What local AWS adds to dynalite: signatures, the wire layer, atomic writes, metrics. */
export const dynamodb: Benchmark = {
  name: "dynamodb",
  summary: `PutItem and GetItem of 300-byte items by one AWS SDK client in this process, ${inFlight} in flight on kept connections; each server in a process of its own, on LevelDB.`,
  sides: ["local AWS", "dynalite"],
  run: (context) => withCleanup((cleanup) => measure(context, cleanup)),
};

async function measure(context: BenchmarkContext, cleanup: Cleanup): Promise<BenchmarkResult> {
  const { quick, signal, say } = context;
  const rounds = context.rounds ?? (quick ? 3 : 7);
  const requests = quick ? 500 : 2_000;
  const requestsIn = (round: number) => (round === 0 ? Math.max(requests, leastWarmUp) : requests);
  const ours = await startLocalAws(await cleanup.temporaryFolder("local-aws"), cleanup, signal);
  const reference = await startDynalite(await cleanup.temporaryFolder("dynalite"), cleanup, signal);
  const ourLoad = await ItemsLoad.open(ours, cleanup);
  const referenceLoad = await ItemsLoad.open(reference, cleanup);
  const turns = await takeTurns<Turn>(
    rounds,
    (round) => ourLoad.turn(round, requestsIn(round)),
    (round) => referenceLoad.turn(round, requestsIn(round)),
    {
      signal,
      onRound: (round, { put, get }, other) =>
        say(`round ${round} of ${rounds}: put ${describe(put, other.put)}, get ${describe(get, other.get)} per second`),
    },
  );
  return { rounds, figures: [...figuresOf("PutItem", "put", turns), ...figuresOf("GetItem", "get", turns)] };
}

function describe(ours: LoadResult, reference: LoadResult): string {
  return `${Math.round(ours.perSecond)} against ${Math.round(reference.perSecond)}`;
}

/** The second figure explains the first: the client needs the same processor, and the server's own time is less noisy. */
function figuresOf(
  operation: string,
  part: keyof Turn,
  { ours, reference }: { ours: readonly Turn[]; reference: readonly Turn[] },
): Figure[] {
  return [
    compareRounds({
      ...{ name: `${operation} per second`, unit: "requests per second", comparison: "ratio", target },
      ours: ours.map((turn) => turn[part].perSecond),
      reference: reference.map((turn) => turn[part].perSecond),
    }),
    compareRounds({
      ...{ name: `${operation} server CPU ms`, unit: "processor seconds of the server per 1,000 requests" },
      comparison: "ratio",
      ours: ours.map((turn) => turn[part].serverCpuMs),
      reference: reference.map((turn) => turn[part].serverCpuMs),
    }),
  ];
}
