import { join } from "node:path";
import type { Benchmark, BenchmarkContext, BenchmarkResult } from "../benchmark.ts";
import { compareRounds } from "../compare-rounds.ts";
import { type Cleanup, withCleanup } from "../support/cleanup.ts";
import { deployFunctionApi } from "../support/deploy-function-api.ts";
import { freePort } from "../support/free-port.ts";
import { startLocalAws } from "../support/local-aws-server.ts";
import { ServerProcess } from "../support/server-process.ts";
import { takeTurns } from "../take-turns.ts";
import { SequentialGets } from "./sequential-gets.ts";

const targetMs = 5;
/** Round 0 does not count: so many requests until the engine has compiled what is measured afterwards. */
const leastWarmUp = 1_000;

/** The folder of the function that is called; `boot` deploys it too. */
export const helloFolder = join(import.meta.dirname, "hello");

/** What API Gateway and Lambda add to a warm call. */
export const invoke: Benchmark = {
  name: "invoke",
  summary:
    "median latency of sequential GETs of a warm function through API Gateway's data plane, against the same handler in a process with Node's own HTTP server; one kept loopback connection each. The result is the difference in ms.",
  sides: ["gateway", "direct"],
  run: (context) => withCleanup((cleanup) => measure(context, cleanup)),
};

async function measure(context: BenchmarkContext, cleanup: Cleanup): Promise<BenchmarkResult> {
  const { quick, signal, say } = context;
  const rounds = context.rounds ?? (quick ? 3 : 7);
  const requests = quick ? 100 : 400;
  const requestsIn = (round: number) => (round === 0 && !quick ? Math.max(requests, leastWarmUp) : requests);
  const localAws = await startLocalAws(await cleanup.temporaryFolder("local-aws"), cleanup, signal);
  const throughGateway = new SequentialGets(await deployFunctionApi(helloFolder, localAws.client));
  cleanup.defer(async () => throughGateway.close());
  const direct = new SequentialGets(await startDirectServer(cleanup, signal));
  cleanup.defer(async () => direct.close());
  const { ours, reference } = await takeTurns(
    rounds,
    (round) => throughGateway.medianMs(requestsIn(round)),
    (round) => direct.medianMs(requestsIn(round)),
    {
      signal,
      onRound: (round, own, other) =>
        say(`round ${round} of ${rounds}: ${own.toFixed(2)} ms against ${other.toFixed(2)} ms`),
    },
  );
  const figure = compareRounds({
    ...{ name: "warm GET, median ms", unit: "ms", ours, reference, comparison: "difference" },
    target: { is: "at most", value: targetMs },
  });
  return { rounds, figures: [figure] };
}

async function startDirectServer(cleanup: Cleanup, signal: AbortSignal): Promise<string> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/x`;
  const server = await ServerProcess.start({
    name: "the handler's own server",
    args: [join(import.meta.dirname, "direct-server.mjs"), String(port)],
    readyUrl: url,
    signal,
  });
  cleanup.defer(() => server.stop());
  return url;
}
