import type { Benchmark, BenchmarkContext, BenchmarkResult } from "../benchmark.ts";
import { type Cleanup, withCleanup } from "../support/cleanup.ts";
import { startLocalAws } from "../support/local-aws-server.ts";
import { takeTurns } from "../take-turns.ts";
import { startDynalite } from "./dynalite-server.ts";
import { ItemsLoad, inFlight, type Turn } from "./items-load.ts";
import { describeLoad, figuresOf } from "./load-figures.ts";

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
        say(
          `round ${round} of ${rounds}: put ${describeLoad(put, other.put)}, get ${describeLoad(get, other.get)} per second`,
        ),
    },
  );
  return { rounds, figures: [...figuresOf("PutItem", "put", turns), ...figuresOf("GetItem", "get", turns)] };
}
