import { type Verdict, type VerdictStatus, verdictSchema } from "@slipway/contracts";
import { describe, expect, it, test } from "vitest";
import { combineVerdicts } from "./combine-verdicts.ts";

const verdict = (status: VerdictStatus): Verdict => ({ status, reason: `It is ${status}.`, numbers: { rate: 0.5 } });

describe("combineVerdicts", () => {
  test.each([
    ["failed", "error", "failed"],
    ["failed", "successful", "failed"],
    ["error", "inconclusive", "error"],
    ["inconclusive", "successful", "inconclusive"],
    ["successful", "successful", "successful"],
  ] as const)("%s and %s is %s", (errors, latencies, status) => {
    const combined = combineVerdicts({ latencies: verdict(latencies), errors: verdict(errors) });

    expect(combined.status).toBe(status);
    expect(verdictSchema.parse(combined)).toEqual(combined);
  });

  it("gives the reasons that decide, and all numbers", () => {
    expect(
      combineVerdicts({ errors: verdict("failed"), p99: verdict("successful"), throttles: verdict("failed") }),
    ).toEqual({
      status: "failed",
      reason: "Errors: It is failed. Throttles: It is failed.",
      numbers: { errorsRate: 0.5, p99Rate: 0.5, throttlesRate: 0.5 },
    });
  });

  it("passes nothing where nothing was judged", () => {
    expect(combineVerdicts({})).toEqual({ status: "inconclusive", reason: "Nothing was judged.", numbers: {} });
  });

  it("refuses a name that is none", () => {
    expect(() => combineVerdicts({ "5xx": verdict("failed") })).toThrow(
      new RangeError("combineVerdicts: '5xx' has to be letters and digits, a small letter first."),
    );
  });
});
