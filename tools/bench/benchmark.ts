/** What a benchmark is run with. */
export interface BenchmarkContext {
  /** Fewer requests and rounds: a quick look instead of a measurement. */
  readonly quick: boolean;
  /** Rounds that somebody asked for instead of the benchmark's own number. */
  readonly rounds: number | undefined;
  /** Aborted when the bench is to stop. */
  readonly signal: AbortSignal;
  /** Says what goes on, on one line. */
  readonly say: (text: string) => void;
}

/** A limit that a figure's value is held against. */
export interface Target {
  readonly is: "at least" | "at most" | "under";
  readonly value: number;
}

/**
 * What a figure's value is: how many times the reference ours is, how much more than the reference, or ours as it is (the reference
 * is only there to tell a slow machine).
 */
export type Comparison = "ratio" | "difference" | "ours";

/** One line of the result: both sides, and what they come to. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** Medians of the rounds. */
  readonly ours: number;
  readonly reference: number;
  readonly comparison: Comparison;
  /** Median of what the comparison came to in each round, and its extremes. */
  readonly value: number;
  readonly lowest: number;
  readonly highest: number;
  /** Absent for a figure that is there to explain another. */
  readonly target?: Target;
  /** Absent without a target. */
  readonly met?: boolean;
}

/** What a benchmark came to. */
export interface BenchmarkResult {
  readonly rounds: number;
  readonly figures: readonly Figure[];
  /** What a reader should know about this run, a line each. */
  readonly notes?: readonly string[];
}

/** A benchmark: plain data and one function. */
export interface Benchmark {
  /** For `--only`. */
  readonly name: string;
  /** What is measured, and how it is made fair. */
  readonly summary: string;
  /** What the two sides are called, ours first. */
  readonly sides: readonly [ours: string, reference: string];
  run(context: BenchmarkContext): Promise<BenchmarkResult>;
}
