import type { Benchmark, BenchmarkContext, BenchmarkResult } from "../benchmark.ts";
import { type Cleanup, withCleanup } from "../support/cleanup.ts";
import { startLocalAws } from "../support/local-aws-server.ts";
import { takeTurns } from "../take-turns.ts";
import { ItemsLoad, inFlight, type WritingTurn } from "./items-load.ts";
import { describeLoad, figuresOf } from "./load-figures.ts";

/** Round 0 does not count: so many requests until the engine has compiled what is measured afterwards. */
const leastWarmUp = 3_000;

/** What it costs a write that the item's old and new image are remembered with it. */
export const journal: Benchmark = {
  name: "journal",
  summary: `PutItem of new 300-byte items and UpdateItem of these by one AWS SDK client in this process, ${inFlight} in flight on kept connections; each local AWS in a process of its own, the first table with point-in-time recovery.`,
  sides: ["with recovery", "without"],
  run: (context) => withCleanup((cleanup) => measure(context, cleanup)),
};

async function measure(context: BenchmarkContext, cleanup: Cleanup): Promise<BenchmarkResult> {
  const { quick, signal, say } = context;
  const rounds = context.rounds ?? (quick ? 3 : 7);
  const requests = quick ? 500 : 2_000;
  const requestsIn = (round: number) => (round === 0 ? Math.max(requests, leastWarmUp) : requests);
  const open = async (name: string) =>
    await ItemsLoad.open(await startLocalAws(await cleanup.temporaryFolder(name), cleanup, signal), cleanup);
  const ours = await open("with");
  const reference = await open("without");
  await ours.enableRecovery();
  const turns = await takeTurns<WritingTurn>(
    rounds,
    (round) => ours.writingTurn(round, requestsIn(round)),
    (round) => reference.writingTurn(round, requestsIn(round)),
    {
      signal,
      onRound: (round, { put, update }, other) =>
        say(
          `round ${round} of ${rounds}: put ${describeLoad(put, other.put)}, update ${describeLoad(update, other.update)} per second`,
        ),
    },
  );
  return { rounds, figures: [...figuresOf("PutItem", "put", turns), ...figuresOf("UpdateItem", "update", turns)] };
}
