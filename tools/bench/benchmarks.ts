import type { Benchmark } from "./benchmark.ts";
import { dynamodb } from "./dynamodb/dynamodb.ts";

/** Everything that `npm run bench` measures, the quickest first. */
export const benchmarks: readonly Benchmark[] = [dynamodb];
