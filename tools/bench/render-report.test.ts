import { expect, test } from "vitest";
import { compareRounds } from "./compare-rounds.ts";
import { renderReport } from "./render-report.ts";
import type { BenchReport } from "./run-benchmarks.ts";

const report: BenchReport = {
  version: 1,
  quick: false,
  passed: false,
  benchmarks: [
    {
      ...{ name: "dynamodb", summary: "PutItem and GetItem, of one client, ".repeat(4).trim(), failed: false },
      ...{ sides: ["local AWS", "dynalite"], durationMs: 1, rounds: 3, notes: ["the client takes half of it"] },
      figures: [
        compareRounds({
          ...{ name: "PutItem per second", unit: "requests per second", comparison: "ratio" },
          ...{ ours: [1234.5, 1000, 1100], reference: [2000, 1500, 1800] },
          target: { is: "at least", value: 0.8 },
        }),
        compareRounds({
          ...{ name: "PutItem server CPU ms", unit: "ms", comparison: "ratio" },
          ...{ ours: [0.25], reference: [0.2] },
        }),
      ],
    },
    {
      ...{
        name: "boot",
        summary: "seconds",
        failed: false,
        sides: ["local AWS", "node -e 0"],
        durationMs: 1,
        rounds: 1,
      },
      figures: [
        compareRounds({
          ...{ name: "empty folder, s", unit: "s", comparison: "ours", ours: [0.641], reference: [0.041] },
          target: { is: "under", value: 1 },
        }),
      ],
    },
    {
      ...{ name: "job", summary: "seconds", failed: true, sides: ["npm start", "terraform"], durationMs: 1 },
      reason: "terraform plan ended with 1:\nno provider",
    },
  ],
};

test("puts each target beside its figure", () => {
  expect(renderReport(report)).toMatchInlineSnapshot(`
    "dynamodb: PutItem and GetItem, of one client, PutItem and GetItem, of one
    client, PutItem and GetItem, of one client, PutItem and GetItem, of one
    client,
      medians of 3          local AWS  dynalite  result      (rounds) target
      PutItem per second        1,100     1,800   0.62x   (0.61-0.67) >= 0.8 MISSED
      PutItem server CPU ms      0.25       0.2   1.25x
      the client takes half of it

    boot: seconds
      1 round               local AWS node -e 0  result      (rounds) target
      empty folder, s           0.641     0.041   0.641               < 1 met

    job: seconds
      failed: terraform plan ended with 1:
      no provider

    Missed: PutItem per second; job.
    "
  `);
});

test("keeps to 80 columns", () => {
  const lengths = renderReport(report)
    .split("\n")
    .map((line) => line.length);

  expect(Math.max(...lengths)).toBeLessThanOrEqual(80);
});

test("says so when every target is met, and when it was only a quick look", () => {
  const [, boot] = report.benchmarks;
  const text = renderReport({ ...report, quick: true, benchmarks: boot === undefined ? [] : [boot] });

  expect(text).toContain("Every target is met.");
  expect(text).toContain("This was a quick look");
});
