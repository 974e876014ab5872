import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SvgChart, svgChart } from "./svg-chart.ts";
import { expectWellFormed } from "./test/expect-well-formed.ts";

const FROM = Date.UTC(2026, 10, 28, 22);
const MINUTE_MS = 60_000;

const chart: SvgChart = {
  ...{ id: "a-chart", title: "A title", description: "What is in it", unit: "count", periodSeconds: 60 },
  window: { from: FROM, to: FROM + 30 * MINUTE_MS },
  layers: [
    { name: "requests", kind: "bars", color: "calm", points: [{ at: FROM, value: 10 }] },
    {
      ...{ name: "latency", kind: "line", color: "bad" },
      points: [0, 1, 3].map((minute) => ({ at: FROM + minute * MINUTE_MS, value: minute })),
    },
  ],
  marks: [],
};

const labelled = (labels: readonly string[], minute = (index: number) => index) =>
  svgChart({
    ...chart,
    marks: labels.map((label, index) => ({ at: FROM + minute(index) * MINUTE_MS, kind: "release", label })),
  });

describe("svgChart", () => {
  it("has a title and a description for who does not see it", () => {
    const svg = svgChart(chart);
    expectWellFormed(svg);
    expect(svg).toContain('role="img" aria-labelledby="a-chart-title a-chart-desc"');
    expect(svg).toContain('<title id="a-chart-title">A title</title>');
    expect(svg).toContain('<desc id="a-chart-desc">What is in it</desc>');
    expect(svg).toContain("@media (prefers-color-scheme: dark)");
  });

  it("breaks a line where a period has no value", () => {
    expect(/ d="([^"]+)"/.exec(svgChart(chart))?.[1]?.match(/[ML]/g)?.join("")).toBe("MLM");
  });

  it("shows one of many as at least a line", () => {
    const points = [
      { at: FROM, value: 100_000 },
      { at: FROM + MINUTE_MS, value: 1 },
    ];
    const svg = svgChart({ ...chart, layers: [{ name: "requests", kind: "bars", color: "calm", points }] });
    const heights = [...svg.matchAll(/<rect x="[^"]+" y="[^"]+" width="[^"]+" height="([^"]+)"><title>/g)];
    expect(heights.map(([, height]) => Number(height))).toEqual([240, 1]);
  });

  it("puts labels that would overlap into rows of their own", () => {
    const ys = (svg: string) =>
      [...svg.matchAll(/<text x="[^"]+" y="(\d+)" text-anchor="\w+">mark/g)].map(([, y]) => y);
    expect(new Set(ys(labelled(["mark one", "mark two", "mark three"]))).size).toBe(3);
    expect(new Set(ys(labelled(["mark one", "mark two"], (index) => index * 20))).size).toBe(1);
  });

  it("keeps labels within the picture", () => {
    expect(labelled(["mark at the end"], () => 29.5)).toContain('text-anchor="end">mark at the end');
  });

  it("says nothing but zero of no data", () => {
    expectWellFormed(svgChart({ ...chart, layers: [{ name: "none", kind: "line", color: "calm", points: [] }] }));
  });

  it("is a picture and nothing else, whatever is written in it", () => {
    const nasty = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("<script>alert(1)</script>", "]]>", '" onload="x', "&nbsp;", "\u0000", "\ud800", "\uffff"),
    );
    const values = fc.array(fc.record({ minute: fc.nat(60), value: fc.double({ min: 0, max: 1e12, noNaN: true }) }));
    fc.assert(
      fc.property(nasty, nasty, nasty, values, (title, description, label, points) => {
        const drawn = points.map(({ minute, value }) => ({ at: FROM + minute * MINUTE_MS, value }));
        const svg = svgChart({
          ...{ ...chart, title, description, shaded: { from: FROM, to: FROM + MINUTE_MS } },
          ...{ limit: { value: 5, label }, marks: [{ at: FROM, kind: label, label }] },
          layers: [
            { name: label, kind: "bars", color: "calm", points: drawn },
            { name: label, kind: "line", color: "bad", points: drawn },
          ],
        });
        expectWellFormed(svg);
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      }),
      { numRuns: 60 },
    );
  });
});
