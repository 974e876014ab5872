import { describe, expect, it, test } from "vitest";
import { compareLatencySamples } from "./compare-latency-samples.ts";

/** 20 to 119 ms, and 400 ms for each hundredth. */
const latencies = (count: number, change = (latency: number, _index: number) => latency) =>
  Array.from({ length: count }, (_, index) => change(index % 100 === 99 ? 400 : 20 + ((index * 37) % 100), index));

const baseline = latencies(1800);

describe("compareLatencySamples", () => {
  test.each([
    ["unchanged", latencies(200), "successful"],
    ["five times slower", latencies(200, (each) => each * 5), "failed"],
    ["five times slower for a tenth", latencies(200, (each, index) => (index % 10 === 0 ? each * 5 : each)), "failed"],
    ["few", latencies(20, (each) => each * 5), "inconclusive"],
    ["none", [], "inconclusive"],
  ])("%s", (_name, candidate, status) => {
    const verdict = compareLatencySamples({ baseline, candidate });

    expect(verdict, verdict.reason).toMatchObject({ status });
  });

  it("is inconclusive without a baseline", () => {
    expect(compareLatencySamples({ baseline: [], candidate: baseline }).status).toBe("inconclusive");
  });

  it("takes a latency that is none for an error of the measurement", () => {
    expect(compareLatencySamples({ baseline, candidate: [1, -2] })).toMatchObject({
      status: "error",
      reason: "The measurement cannot be judged: candidate[1] is -2, which is no latency.",
    });
  });

  it("tolerates as much as it is told", () => {
    const candidate = latencies(200, (each) => each * 2);

    expect(compareLatencySamples({ baseline, candidate }).status).toBe("failed");
    expect(compareLatencySamples({ baseline, candidate }, { slower: 3 }).status).toBe("successful");
  });
});
