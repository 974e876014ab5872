import type { Benchmark } from "./benchmark.ts";

/** Each is loaded when it is run: loading all of them takes seconds. */
const loaders: Readonly<Record<string, () => Promise<Benchmark>>> = {
  verdicts: async () => (await import("./verdicts/verdicts.ts")).verdicts,
  commands: async () => (await import("./commands/commands.ts")).commands,
  "plan-gate": async () => (await import("./plan-gate/plan-gate.ts")).planGate,
  dynamodb: async () => (await import("./dynamodb/dynamodb.ts")).dynamodb,
  journal: async () => (await import("./dynamodb/journal.ts")).journal,
  invoke: async () => (await import("./invoke/invoke.ts")).invoke,
  ingest: async () => (await import("./ingest/ingest.ts")).ingest,
  boot: async () => (await import("./boot/boot.ts")).boot,
  insights: async () => (await import("./insights/insights.ts")).insights,
  handler: async () => (await import("./handler/handler.ts")).handler,
  release: async () => (await import("./release/release.ts")).release,
  job: async () => (await import("./job/job.ts")).job,
};

/** The names of everything that `npm run bench` measures, the quickest first. */
export const benchmarkNames: readonly string[] = Object.keys(loaders);

/** Loads the benchmarks that were asked for, in the order in which they run; all of them where none was. */
export function loadBenchmarks(only: readonly string[]): Promise<Benchmark[]> {
  const chosen = Object.entries(loaders).filter(([name]) => only.length === 0 || only.includes(name));
  return Promise.all(chosen.map(([, load]) => load()));
}
