import type { Benchmark } from "./benchmark.ts";
import { boot } from "./boot/boot.ts";
import { commands } from "./commands/commands.ts";
import { dynamodb } from "./dynamodb/dynamodb.ts";
import { journal } from "./dynamodb/journal.ts";
import { handler } from "./handler/handler.ts";
import { ingest } from "./ingest/ingest.ts";
import { insights } from "./insights/insights.ts";
import { invoke } from "./invoke/invoke.ts";
import { job } from "./job/job.ts";
import { planGate } from "./plan-gate/plan-gate.ts";
import { release } from "./release/release.ts";
import { verdicts } from "./verdicts/verdicts.ts";

/** Everything that `npm run bench` measures, the quickest first. */
export const benchmarks: readonly Benchmark[] = [
  verdicts,
  commands,
  planGate,
  dynamodb,
  journal,
  invoke,
  ingest,
  boot,
  insights,
  handler,
  release,
  job,
];
