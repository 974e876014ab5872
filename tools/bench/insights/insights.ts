import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Benchmark, BenchmarkContext, BenchmarkResult } from "../benchmark.ts";
import { compareRounds } from "../compare-rounds.ts";
import { type Cleanup, withCleanup } from "../support/cleanup.ts";
import { startLocalAws } from "../support/local-aws-server.ts";
import { takeTurns } from "../take-turns.ts";
import { LogGroup } from "./log-group.ts";

const target = { is: "at most", value: 5 } as const;
const query = "stats count() by bin(5m)";

/** What Logs Insights adds to the scan that every query is: rows in JavaScript, a thread, two requests. */
export const insights: Benchmark = {
  name: "insights",
  summary: `\`${query}\` over a million events by one AWS SDK client, from StartQuery to the answer that says Complete, against the same GROUP BY in SQLite itself, in this process, on the same file.`,
  sides: ["local AWS", "SQLite"],
  run: (context) => withCleanup((cleanup) => measure(context, cleanup)),
};

async function measure(context: BenchmarkContext, cleanup: Cleanup): Promise<BenchmarkResult> {
  const { quick, signal, say } = context;
  const rounds = context.rounds ?? (quick ? 3 : 7);
  const events = quick ? 100_000 : 1_000_000;
  const folder = await cleanup.temporaryFolder("local-aws");
  const { client } = await startLocalAws(folder, cleanup, signal);
  say(`putting ${events} events`);
  const group = await LogGroup.fill(client, events, cleanup, signal);
  const ours = async (): Promise<number> => {
    const { seconds, rows } = await group.query(query);
    if (rows === 0) {
      throw new Error("The query has given no rows.");
    }
    return seconds;
  };
  const turns = await takeTurns(rounds, ours, async () => bareSeconds(folder, events), {
    signal,
    onRound: (round, own, bare) => say(`round ${round} of ${rounds}: ${own.toFixed(2)} s against ${bare.toFixed(2)} s`),
  });
  return {
    rounds,
    figures: [
      compareRounds({
        name: "count by five minutes, s",
        unit: `s for ${events} events`,
        comparison: "ratio",
        target,
        ...turns,
      }),
    ],
  };
}

/** The least that anybody has to do for the answer. */
function bareSeconds(folder: string, events: number): number {
  const database = new DatabaseSync(join(folder, "state/records.sqlite"), { readOnly: true });
  try {
    const began = performance.now();
    const rows = database
      .prepare(
        "SELECT time / 300000 AS bin, COUNT(*) AS count FROM logs_events WHERE grp = (SELECT MAX(grp) FROM logs_events) GROUP BY bin ORDER BY bin DESC",
      )
      .all() as { count: number }[];
    const seconds = (performance.now() - began) / 1000;
    const found = rows.reduce((sum, { count }) => sum + count, 0);
    if (found !== events) {
      throw new Error(`SQLite has read ${found} of ${events} events.`);
    }
    return seconds;
  } finally {
    database.close();
  }
}
