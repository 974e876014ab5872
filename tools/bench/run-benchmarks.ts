import type { Benchmark, BenchmarkContext, BenchmarkResult, Figure } from "./benchmark.ts";

/** What one benchmark came to: figures, or why there are none. */
export type BenchmarkOutcome = Pick<Benchmark, "name" | "summary" | "sides"> &
  (({ readonly failed: false; readonly durationMs: number } & BenchmarkResult) | FailedOutcome);

interface FailedOutcome {
  readonly failed: true;
  readonly durationMs: number;
  /** Why there are no figures. */
  readonly reason: string;
}

/** The one JSON document of `npm run bench -- --output json`. */
export interface BenchReport {
  readonly version: 1;
  readonly quick: boolean;
  readonly benchmarks: readonly BenchmarkOutcome[];
  /** Whether every target was met, and every benchmark came to figures. */
  readonly passed: boolean;
}

/** Runs benchmarks one after the other; one that fails does not keep the next from running. */
export async function runBenchmarks(benchmarks: readonly Benchmark[], context: BenchmarkContext): Promise<BenchReport> {
  const outcomes: BenchmarkOutcome[] = [];
  for (const { name, summary, sides, run } of benchmarks) {
    context.signal.throwIfAborted();
    const startedAt = performance.now();
    const say = (text: string) => context.say(`${name}: ${text}`);
    try {
      const result = await run({ ...context, say });
      outcomes.push({ name, summary, sides, failed: false, durationMs: performance.now() - startedAt, ...result });
    } catch (error) {
      context.signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      say(`failed: ${reason}`);
      outcomes.push({ name, summary, sides, failed: true, durationMs: performance.now() - startedAt, reason });
    }
  }
  const passed = outcomes.every((outcome) => !outcome.failed && outcome.figures.every(isMet));
  return { version: 1, quick: context.quick, benchmarks: outcomes, passed };
}

function isMet({ met }: Figure): boolean {
  return met !== false;
}
