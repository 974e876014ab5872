import type { Glyphs } from "./glyphs.ts";

/** How a chart is drawn. */
export interface BarChartOptions {
  readonly glyphs: Glyphs;
  /** Lines. */
  readonly height: number;
  /** Value at the bottom: 0 unless some are less. */
  readonly min?: number;
  /** Value at the top: the largest one by default. */
  readonly max?: number;
}

/** Ends of a chart's axis: from 0, or the least value where that is less, to the largest. */
export function rangeOf(
  values: readonly (number | undefined)[],
  { min, max }: { readonly min?: number; readonly max?: number } = {},
): { readonly min: number; readonly max: number } {
  const known = values.filter((value) => value !== undefined);
  const least = min ?? known.reduce((lowest, value) => Math.min(lowest, value), 0);
  const most = max ?? known.reduce((highest, value) => Math.max(highest, value), least);
  return { min: least, max: most > least ? most : least + 1 };
}

/**
 * Values as bars, one column each: lines from the top to the bottom. A zero is the lowest bar that there is, anything more is higher
 * than that, and no data is no bar.
 */
export function barChart(values: readonly (number | undefined)[], options: BarChartOptions): readonly string[] {
  const { glyphs, height } = options;
  const range = rangeOf(values, options);
  const steps = glyphs.levels.length - 1;
  const heights = values.map((value) => {
    if (value === undefined) {
      return 0;
    }
    const share = Math.min(1, Math.max(0, (value - range.min) / (range.max - range.min)));
    return share === 0 ? 1 : Math.max(2, Math.round(share * height * steps));
  });
  return Array.from({ length: height }, (_, line) => {
    const below = (height - 1 - line) * steps;
    return heights.map((each) => glyphs.levels[Math.min(steps, Math.max(0, each - below))] ?? " ").join("");
  });
}

/** Values as bars of one line. */
export function sparkline(values: readonly (number | undefined)[], options: Omit<BarChartOptions, "height">): string {
  return barChart(values, { ...options, height: 1 })[0] ?? "";
}
