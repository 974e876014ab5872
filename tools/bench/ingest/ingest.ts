import { join } from "node:path";
import type { Benchmark, BenchmarkContext, BenchmarkResult, Figure } from "../benchmark.ts";
import { compareRounds } from "../compare-rounds.ts";
import { type Cleanup, withCleanup } from "../support/cleanup.ts";
import { freePort } from "../support/free-port.ts";
import { startLocalAws } from "../support/local-aws-server.ts";
import { ServerProcess } from "../support/server-process.ts";
import { takeTurns } from "../take-turns.ts";
import { batchSize, type CapturedRequest, logRequests, makeStreams, metricRequests } from "./captured-requests.ts";
import { type Accepted, inFlight, Replay } from "./replay.ts";

/** A server that does all of CloudWatch's work on what it takes is allowed three times the work of one that only keeps it. */
const target = { is: "at least", value: 0.33 } as const;

interface Turn {
  readonly metrics: Accepted;
  readonly logs: Accepted;
}

/** What being CloudWatch costs beside keeping what is sent: signatures, validation, series with distributions, indexes. */
export const ingest: Benchmark = {
  name: "ingest",
  summary: `PutMetricData and PutLogEvents of ${batchSize} each, as AWS SDK clients made them beforehand, ${inFlight} in flight on kept connections; against a server that parses the same requests and writes a row for each data point and event into SQLite, without an index, and does nothing else.`,
  sides: ["local AWS", "bare SQLite"],
  run: (context) => withCleanup((cleanup) => measure(context, cleanup)),
};

async function measure(context: BenchmarkContext, cleanup: Cleanup): Promise<BenchmarkResult> {
  const { quick, signal, say } = context;
  const rounds = context.rounds ?? (quick ? 3 : 7);
  const batches = quick ? 30 : 100;
  const ours = await startLocalAws(await cleanup.temporaryFolder("local-aws"), cleanup, signal);
  const reference = await startBareServer(await cleanup.temporaryFolder("bare"), cleanup, signal);
  await makeStreams(ours.client);
  const requests = {
    metrics: await metricRequests(ours.client, batches),
    logs: await logRequests(ours.client, batches),
  };
  const sides = [ours, reference].map(({ endpoint, process }) => new Replay(endpoint, process));
  const [ourReplay, referenceReplay] = sides as [Replay, Replay];
  cleanup.defer(async () => {
    for (const side of sides) {
      side.close();
    }
  });
  const turns = await takeTurns<Turn>(
    rounds,
    () => turn(ourReplay, requests),
    () => turn(referenceReplay, requests),
    {
      signal,
      onRound: (round, { metrics, logs }, other) =>
        say(
          `round ${round} of ${rounds}: data points ${describe(metrics, other.metrics)}, log events ${describe(logs, other.logs)} per second`,
        ),
    },
  );
  return {
    rounds,
    figures: [...figuresOf("data points", "metrics", turns), ...figuresOf("log events", "logs", turns)],
  };
}

async function turn(
  replay: Replay,
  { metrics, logs }: { metrics: readonly CapturedRequest[]; logs: readonly CapturedRequest[] },
): Promise<Turn> {
  return { metrics: await replay.send(metrics), logs: await replay.send(logs) };
}

function describe(ours: Accepted, reference: Accepted): string {
  return `${Math.round(ours.perSecond)} against ${Math.round(reference.perSecond)}`;
}

/** The second figure explains the first, and is less noisy. */
function figuresOf(
  things: string,
  part: keyof Turn,
  { ours, reference }: { ours: readonly Turn[]; reference: readonly Turn[] },
): Figure[] {
  return [
    compareRounds({
      ...{ name: `${things} per second`, unit: `${things} per second`, comparison: "ratio", target },
      ours: ours.map((each) => each[part].perSecond),
      reference: reference.map((each) => each[part].perSecond),
    }),
    compareRounds({
      ...{ name: `${things} server CPU ms`, unit: `processor milliseconds of the server per 1,000 ${things}` },
      comparison: "ratio",
      ours: ours.map((each) => each[part].serverCpuMs),
      reference: reference.map((each) => each[part].serverCpuMs),
    }),
  ];
}

async function startBareServer(
  folder: string,
  cleanup: Cleanup,
  signal: AbortSignal,
): Promise<{ endpoint: string; process: ServerProcess }> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = await ServerProcess.start({
    name: "the bare server",
    args: [join(import.meta.dirname, "bare-server.mjs"), String(port), join(folder, "rows.sqlite")],
    readyUrl: endpoint,
    signal,
  });
  cleanup.defer(() => server.stop());
  return { endpoint, process: server };
}
