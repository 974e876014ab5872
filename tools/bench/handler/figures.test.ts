import { expect, test } from "vitest";
import { renderReport } from "../render-report.ts";
import { bestOf, figuresOf, type Measured } from "./figures.ts";

const start = (importMs: number) => ({ importMs, firstAnswerMs: importMs + 20 });
const measured: Measured = {
  coldStarts: {
    ours: [start(40), start(44), start(60)],
    documentClient: [start(50), start(44), start(60)],
    powertools: [start(80), start(80), start(100)],
    hono: [start(50), start(60), start(80)],
    express: [start(100), start(110), start(120)],
  },
  cpu: { ours: [400, 500, 410], powertools: [600, 610, 590], hono: [500, 390, 510], express: [700, 700, 380] },
  bytes: { ours: 204_800, documentClient: 307_200, powertools: 409_600, hono: 358_400, express: 1_024_000 },
};

test("each figure has its target, and what explains it has none", () => {
  const figures = figuresOf(measured).map(({ name, value, target, met }) => [name, value, target?.value, met]);

  expect(figures).toEqual([
    ["import ms, SDK client", 1, 1, true],
    ["import ms, Powertools", 0.55, 0.65, true],
    ["import ms, Hono", 0.75, 0.65, false],
    ["import ms, Express", 0.4, 0.65, true],
    ["answer ms, SDK client", 1, undefined, undefined],
    ["answer ms, Powertools", 0.64, undefined, undefined],
    ["answer ms, Hono", 0.8, undefined, undefined],
    ["answer ms, Express", 0.5, undefined, undefined],
    ["CPU µs, best of three", expect.closeTo(410 / 510), 1, true],
    ["CPU µs, Powertools", expect.closeTo(410 / 590), undefined, undefined],
    ["CPU µs, Hono", expect.closeTo(410 / 510), undefined, undefined],
    ["CPU µs, Express", expect.closeTo(500 / 700), undefined, undefined],
    ["bundle KB, SDK client", expect.closeTo(2 / 3), undefined, undefined],
    ["bundle KB, Powertools", 0.5, undefined, undefined],
    ["bundle KB, Hono", expect.closeTo(4 / 7), undefined, undefined],
    ["bundle KB, Express", 0.2, undefined, undefined],
  ]);
});

test("the best of the three is the one with the lowest median, not the one with the luckiest round", () => {
  expect(bestOf(measured.cpu)).toBe("hono");
});

test("the table keeps to 80 columns", () => {
  const outcome = { name: "handler", summary: "what it costs", durationMs: 1, failed: false, rounds: 3 } as const;
  const text = renderReport({
    ...{ version: 1, quick: false, passed: false },
    benchmarks: [{ ...outcome, sides: ["ours", "reference"], figures: figuresOf(measured) }],
  });

  expect(text).toContain("import ms, Hono              44        60   0.75x   (0.73-0.80) <= 0.65 MISSED");
  expect(Math.max(...text.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
});
