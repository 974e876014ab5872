import type { WidgetPlace } from "@slipway/release-engine";

/** Widgets above each other, and the columns of the grid that they take together. */
export interface Stack<T> {
  readonly x: number;
  readonly width: number;
  readonly widgets: readonly T[];
}

/**
 * Puts widgets into bands from the top to the bottom; each band has stacks from left to right. Widgets that are beside each other on the
 * grid are beside each other here, whatever their heights; those that overlap are put above each other.
 */
export function layOut<T extends WidgetPlace>(widgets: readonly T[]): readonly (readonly Stack<T>[])[] {
  const bands = groupBy(widgets, ({ y, height }) => [y, y + height]);
  return bands.map((band) =>
    groupBy(band, ({ x, width }) => [x, x + width]).map((stack) => {
      const left = Math.min(...stack.map(({ x }) => x));
      const right = Math.max(...stack.map(({ x, width }) => x + width));
      return { x: left, width: right - left, widgets: stack.toSorted((a, b) => a.y - b.y || a.x - b.x) };
    }),
  );
}

/** Groups of what overlaps along one direction, in its order. */
function groupBy<T>(items: readonly T[], extentOf: (item: T) => readonly [from: number, to: number]): T[][] {
  const groups: T[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const item of items.toSorted((left, right) => extentOf(left)[0] - extentOf(right)[0])) {
    const [from, to] = extentOf(item);
    if (from >= end) {
      groups.push([]);
    }
    groups.at(-1)?.push(item);
    end = Math.max(end, to);
  }
  return groups;
}

/** A stack with the columns of the terminal that it gets. */
export interface SizedStack<T> extends Stack<T> {
  readonly columns: number;
}

/** Columns between stacks: room for a line that keeps the numbers of one from those of the next. */
export const GAP = 3;

/**
 * Shares the width of the terminal among the stacks of a band, as the grid does; what would be too narrow to read goes below.
 *
 * @param least - columns that each stack needs
 */
export function shareWidth<T>(
  band: readonly Stack<T>[],
  columns: number,
  least: number,
): readonly (readonly SizedStack<T>[])[] {
  const lines: Stack<T>[][] = [];
  for (const stack of band) {
    const line = lines.at(-1);
    if (line !== undefined && smallestOf([...line, stack], columns) >= least) {
      line.push(stack);
    } else {
      lines.push([stack]);
    }
  }
  return lines.map((line) => {
    const widths = widthsOf(line, columns);
    return line.map((stack, index) => ({ ...stack, columns: widths[index] ?? columns }));
  });
}

function smallestOf<T>(line: readonly Stack<T>[], columns: number): number {
  return Math.min(...widthsOf(line, columns));
}

/** Rounded so that all together fill the line. */
function widthsOf<T>(line: readonly Stack<T>[], columns: number): number[] {
  const room = columns - GAP * (line.length - 1);
  const total = line.reduce((sum, { width }) => sum + width, 0);
  let [before, given] = [0, 0];
  return line.map(({ width }) => {
    before += width;
    const share = Math.floor((room * before) / total) - given;
    given += share;
    return share;
  });
}
