import { describe, expect, test } from "vitest";
import { axisChart } from "./axis-chart.ts";
import { barChart, sparkline } from "./bar-chart.ts";
import { bucketPoints } from "./bucket-points.ts";
import { glyphsFor } from "./glyphs.ts";

const glyphs = glyphsFor({ LANG: "C.UTF-8" });
const ascii = glyphsFor({});
const start = Date.parse("2026-11-28T08:00:00Z");
const MINUTE_MS = 60_000;
const hour = { from: start, to: start + 60 * MINUTE_MS };
const points = (...values: readonly (number | undefined)[]) =>
  values.flatMap((value, minute) => (value === undefined ? [] : [{ at: start + minute * MINUTE_MS, value }]));

describe("glyphsFor", () => {
  test.each([
    [{ LANG: "en_US.UTF-8" }, "█"],
    [{ LANG: "de_DE.utf8" }, "█"],
    [{ LANG: "en_US.UTF-8", LC_ALL: "C" }, "#"],
    [{ LC_ALL: "", LC_CTYPE: "UTF-8" }, "█"],
    [{ LANG: "C" }, "#"],
    [{}, "#"],
  ])("%j draws with %s", (env, full) => {
    expect(glyphsFor(env).levels.at(-1)).toBe(full);
    expect(glyphsFor(env, true).levels.at(-1)).toBe("#");
  });
});

describe("bucketPoints", () => {
  test("gives periods several columns where there is room", () => {
    const window = { from: start, to: start + 3 * MINUTE_MS };
    expect(bucketPoints(points(1, undefined, 3), window, 60, 7)).toEqual([1, 1, 1, undefined, undefined, 3, 3]);
  });

  test("has a column for each period, and nothing for what is not there", () => {
    expect(bucketPoints(points(1, undefined, 3), { from: start, to: start + 3 * MINUTE_MS }, 60, 3)).toEqual([
      1,
      undefined,
      3,
    ]);
  });

  test("keeps the peak where periods share a column", () => {
    const values = bucketPoints(points(0, 9, 0, 0, 0, 1), { from: start, to: start + 6 * MINUTE_MS }, 60, 3);
    expect(values).toEqual([9, 0, 1]);
  });

  test("counts periods from where the first begins, which may be before the window", () => {
    const window = { from: start + 30_000, to: start + 90_000 };
    expect(bucketPoints(points(1, 2, 3), window, 60, 2)).toEqual([1, 2]);
  });
});

describe("sparkline", () => {
  test("tells no data, zero and the least bit more apart", () => {
    expect(sparkline([undefined, 0, 0.01, 50, 100], { glyphs })).toBe(" ▁▂▄█");
    expect(sparkline([undefined, 0, 0.01, 50, 100], { glyphs: ascii })).toBe(" _.-#");
  });

  test("is flat where all is zero, and empty where there is nothing", () => {
    expect(sparkline([0, 0, 0], { glyphs })).toBe("▁▁▁");
    expect(sparkline([undefined, undefined], { glyphs })).toBe("  ");
  });

  test("reaches down to what is less than zero, and up to a given end", () => {
    expect(sparkline([-1, 0, 1], { glyphs })).toBe("▁▄█");
    expect(sparkline([5, 10], { glyphs, max: 20 })).toBe("▂▄");
  });
});

test("a bar chart of several lines fills them from the bottom", () => {
  expect(barChart([0, 1, 2, 3, 4, undefined], { glyphs, height: 2 })).toEqual(["   ▄█ ", "▁▄███ "]);
});

describe("axisChart", () => {
  const draw = (values: readonly (number | undefined)[], more: object = {}, size: object = {}) =>
    axisChart(
      {
        points: points(...values),
        window: { from: start, to: start + 20 * MINUTE_MS },
        periodSeconds: 60,
        unit: "ms",
        ...more,
      },
      { glyphs, width: 60, height: 5, ...size },
    );
  const ramp = Array.from({ length: 20 }, (_, index) => index * 10);

  test("says what the heights and the ends are", () => {
    expect(draw(ramp, {}, { width: 28 })).toEqual([
      "190 ms ┤                ▂▄▆█",
      "       │            ▁▃▅█████",
      "114 ms ┤        ▁▃▅▇████████",
      "       │     ▃▅▇████████████",
      "  0 ms ┤▁▂▄▆████████████████",
      "       └────────────────────",
      "        08:00Z        08:20Z",
    ]);
  });

  test("draws limits that are near, and none that would flatten everything", () => {
    expect(draw([10, 20, 30], { limits: [60] })[0]).toMatch(/^60 ms ┤┄+$/);
    expect(draw([10, 20, 30], { limits: [5000] }).join("\n")).not.toContain("┄");
    expect(draw([10, 20, 30], { limits: [15] }).join("\n")).toContain("┄");
  });

  test("fills its width, also with few periods", () => {
    expect(draw(ramp).at(-2)).toBe(`       └${"─".repeat(52)}`);
  });

  test("has the middle of the time where there is room, and days where it is long", () => {
    const wide = axisChart(
      { points: [], window: hour, periodSeconds: 60, unit: "count" },
      { glyphs: ascii, width: 80, height: 2 },
    );
    expect(wide.at(-1)).toMatch(/^ +08:00Z +08:30Z +09:00Z$/);
    const days = axisChart(
      { points: [], window: { from: start, to: start + 7 * 86_400_000 }, periodSeconds: 3600, unit: "count" },
      { glyphs: ascii, width: 60, height: 2 },
    );
    expect(days.at(-1)).toMatch(/^ +11-28T08:00Z +12-01T20:00Z +12-05T08:00Z$/);
  });
});
