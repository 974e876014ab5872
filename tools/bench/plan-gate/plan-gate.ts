import { join } from "node:path";
import type { Benchmark, BenchmarkContext, BenchmarkResult } from "../benchmark.ts";
import { compareRounds } from "../compare-rounds.ts";
import { type Cleanup, withCleanup } from "../support/cleanup.ts";
import { runToEnd } from "../support/run-to-end.ts";
import { takeTurns } from "../take-turns.ts";
import { writePlan } from "./write-plan.ts";

const CHANGES = 10_000;

/** What a side says of itself when it has read the plan. */
interface Reading {
  /** Changes that it has seen, so that neither side can leave some out. */
  readonly changes: number;
  /** From the first byte that it reads. */
  readonly seconds: number;
  readonly peakMegabytes: number;
}

/** Whether the gate can be passed by a plan of everything that somebody has. */
export const planGate: Benchmark = {
  name: "plan-gate",
  summary: `a plan's JSON of ${CHANGES.toLocaleString("en-US")} resource changes, read, judged, redacted and summed up, each time by a process of its own, from the first byte to the summary; against JSON.parse of the same file, which judges nothing.`,
  sides: ["gate", "JSON.parse"],
  run: (context) => withCleanup((cleanup) => measure(context, cleanup)),
};

async function measure(context: BenchmarkContext, cleanup: Cleanup): Promise<BenchmarkResult> {
  const { quick, signal, say } = context;
  const rounds = context.rounds ?? (quick ? 2 : 5);
  const file = join(await cleanup.temporaryFolder("plan"), "plan.json");
  const megabytes = (await writePlan(file, CHANGES)) / 1024 / 1024;
  say(`a plan of ${megabytes.toFixed(0)} MB`);
  const side = (program: string) => async (): Promise<Reading> => {
    const options = { cwd: import.meta.dirname, env: process.env, signal };
    const { stdout } = await runToEnd(process.execPath, [join(import.meta.dirname, program), file], options);
    return JSON.parse(stdout);
  };
  const turns = await takeTurns(rounds, side("judge-plan-file.ts"), side("parse-plan-file.ts"), {
    signal,
    onRound: (round, own, bare) => say(`round ${round} of ${rounds}: ${shown(own)} against ${shown(bare)}`),
  });
  const seen = new Set([...turns.ours, ...turns.reference].map(({ changes }) => changes));
  if (seen.size !== 1) {
    throw new Error(`The sides have seen ${[...seen].join(" and ")} changes: they have not read the same.`);
  }
  const figure = (name: string, unit: string, of: (reading: Reading) => number, most: number) => {
    const sides = { ours: turns.ours.map(of), reference: turns.reference.map(of) };
    return [
      compareRounds({ name, unit, ...sides, comparison: "ours", target: { is: "under", value: most } }),
      compareRounds({ name: `${name}, ratio`, unit, ...sides, comparison: "ratio" }),
    ];
  };
  return {
    rounds,
    figures: [
      ...figure("time, s", "s", ({ seconds }) => seconds, 3),
      ...figure("peak memory, MB", "MB", ({ peakMegabytes }) => peakMegabytes, 400),
    ],
    notes: [`The plan has ${megabytes.toFixed(0)} MB, ${[...seen][0]} of its changes do something.`],
  };
}

function shown({ seconds, peakMegabytes }: Reading): string {
  return `${seconds.toFixed(2)} s and ${peakMegabytes.toFixed(0)} MB`;
}
