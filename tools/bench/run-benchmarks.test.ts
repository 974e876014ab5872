import { expect, test } from "vitest";
import type { Benchmark, Figure } from "./benchmark.ts";
import { runBenchmarks } from "./run-benchmarks.ts";

function figure(met?: boolean): Figure {
  const numbers = { ours: 1, reference: 1, value: 1, lowest: 1, highest: 1 };
  return { name: "f", unit: "s", comparison: "ratio", ...numbers, ...(met === undefined ? {} : { met }) };
}

function benchmark(name: string, run: Benchmark["run"]): Benchmark {
  return { name, summary: `what ${name} measures`, sides: ["ours", "theirs"], run };
}

function context(signal = new AbortController().signal) {
  const said: string[] = [];
  return { said, quick: false, rounds: undefined, signal, say: (text: string) => void said.push(text) };
}

test.each([
  ["every target met", [true, undefined], true],
  ["one target missed", [true, false], false],
])("%s", async (_name, mets, passed) => {
  const report = await runBenchmarks(
    [benchmark("a", async () => ({ rounds: 1, figures: mets.map((met) => figure(met)) }))],
    context(),
  );

  expect(report.passed).toBe(passed);
});

test("a benchmark that fails is no pass, and does not keep the next from running", async () => {
  const broken = benchmark("a", async () => {
    throw new Error("the server did not start");
  });
  const whole = benchmark("b", async ({ say }) => {
    say("round 1");
    return { rounds: 1, figures: [figure(true)] };
  });
  const { said, ...rest } = context();

  const report = await runBenchmarks([broken, whole], rest);

  expect(report.passed).toBe(false);
  expect(report.benchmarks).toMatchObject([
    { name: "a", failed: true, reason: "the server did not start" },
    { name: "b", failed: false, figures: [{ met: true }] },
  ]);
  expect(said).toEqual(["a: failed: the server did not start", "b: round 1"]);
});

test("an interrupt ends it all", async () => {
  const stop = new AbortController();
  const interrupted = benchmark("a", async () => {
    stop.abort(new Error("Stopped by SIGINT."));
    throw new Error("whatever came of that");
  });

  await expect(runBenchmarks([interrupted], context(stop.signal))).rejects.toThrow("Stopped by SIGINT.");
});
