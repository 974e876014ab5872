import type { TimeWindow } from "@slipway/analysis";
import type { MetricPoint } from "@slipway/release-engine";
import { barChart, rangeOf } from "./bar-chart.ts";
import { bucketPoints } from "./bucket-points.ts";
import { formatTick } from "./format-time.ts";
import { formatValue, type Unit } from "./format-value.ts";
import type { Glyphs } from "./glyphs.ts";

/** A chart with its axes. */
export interface AxisChart {
  readonly points: readonly MetricPoint[];
  readonly window: TimeWindow;
  readonly periodSeconds: number;
  readonly unit: Unit;
  /** Ends of the axis, where they are not to follow from the values. */
  readonly min?: number;
  readonly max?: number;
  /** Values that a line is drawn at where they are within the axis, or not far above it. */
  readonly limits?: readonly number[];
}

/** How far above the largest value a limit may lie for the axis to reach up to it. */
const NEAR = 2;

/**
 * Draws values over time, with what the top, the middle and the bottom are, when it begins, and when it ends.
 *
 * @param width - of all, in columns
 * @param height - of the bars, in lines
 */
export function axisChart(
  { points, window, periodSeconds, unit, limits = [], ...ends }: AxisChart,
  { glyphs, width, height }: { readonly glyphs: Glyphs; readonly width: number; readonly height: number },
): readonly string[] {
  const values = points.map(({ value }) => value);
  const plain = rangeOf(values, ends);
  const near = limits.filter((limit) => limit > plain.max && limit <= plain.max * NEAR);
  const range = ends.max === undefined ? { min: plain.min, max: Math.max(plain.max, ...near) } : plain;
  const labels = labelsOf(range, height, unit);
  const margin = Math.max(...labels.map((label) => label.length));
  const room = Math.max(8, width - margin - 2);
  const columns = bucketPoints(points, window, periodSeconds, room);
  const bars = barChart(columns, { glyphs, height, ...range });
  const limitRows = new Set(limits.map((limit) => rowOf(limit, range, height)));
  const lines = bars.map((bar, row) => {
    const label = labels[row] ?? "";
    const axis = label === "" ? glyphs.axis.line : glyphs.axis.mark;
    const cells = limitRows.has(row) ? bar.replaceAll(" ", glyphs.limit) : bar;
    return `${label.padStart(margin)} ${axis}${cells}`;
  });
  const bottom = `${" ".repeat(margin)} ${glyphs.axis.corner}${glyphs.axis.bottom.repeat(columns.length)}`;
  return [...lines.map((line) => line.trimEnd()), bottom, timeAxis(window, columns.length, margin + 2)];
}

/** Lines that a value is in, counted from the top; none where it lies outside. */
function rowOf(value: number, { min, max }: { min: number; max: number }, height: number): number | undefined {
  const share = (value - min) / (max - min);
  return share < 0 || share > 1 ? undefined : Math.min(height - 1, Math.floor((1 - share) * height));
}

function labelsOf({ min, max }: { min: number; max: number }, height: number, unit: Unit): readonly string[] {
  return Array.from({ length: height }, (_, row) => {
    if (row === 0) {
      return formatValue(max, unit);
    }
    if (row === height - 1) {
      return formatValue(min, unit);
    }
    return height >= 5 && row === Math.floor((height - 1) / 2)
      ? formatValue(min + ((max - min) * (height - row)) / height, unit)
      : "";
  });
}

/** When the columns begin and end; with the middle where there is room. */
function timeAxis(window: TimeWindow, columns: number, margin: number): string {
  const [first, middle, last] = [window.from, (window.from + window.to) / 2, window.to].map((at) =>
    formatTick(at, window),
  );
  const indent = " ".repeat(margin);
  const [left = "", centre = "", right = ""] = [first, middle, last];
  if (columns < left.length + right.length + 1) {
    return `${indent}${left} to ${right}`;
  }
  const gap = columns - left.length - right.length;
  if (gap < centre.length + 4) {
    return `${indent}${left}${" ".repeat(gap)}${right}`;
  }
  const before = Math.floor((columns - centre.length) / 2) - left.length;
  return `${indent}${left}${" ".repeat(before)}${centre}${" ".repeat(gap - before - centre.length)}${right}`;
}
