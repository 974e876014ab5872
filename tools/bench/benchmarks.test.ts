import { expect, test } from "vitest";
import { benchmarkNames, loadBenchmarks } from "./benchmarks.ts";

test("each benchmark is found by its own name", async () => {
  expect((await loadBenchmarks([])).map(({ name }) => name)).toEqual(benchmarkNames);
  expect((await loadBenchmarks(["insights", "dynamodb"])).map(({ name }) => name)).toEqual(["dynamodb", "insights"]);
});
