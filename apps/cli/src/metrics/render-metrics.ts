import { sparkline } from "../charts/bar-chart.ts";
import { bucketPoints } from "../charts/bucket-points.ts";
import { formatTick, formatTime } from "../charts/format-time.ts";
import { formatValue } from "../charts/format-value.ts";
import type { Glyphs } from "../charts/glyphs.ts";
import { cutText } from "../terminal/cut-text.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { table } from "../terminal/table.ts";
import { beginningsOf, periodInWords } from "./choose-period.ts";
import type { MetricsReport, ReadSignal } from "./read-signals.ts";

const NO_DATA = "no data";
const INDENT = "  ";
const HEADINGS = ["LATEST", "MIN", "MAX", "TOTAL"];
/** What names may take of a line, and what sparklines need of it at least. */
const MOST_NAME = 34;
const LEAST_SPARK = 10;
/** How long CloudWatch takes to show a minute, at most, while all is well. */
const LATE_MS = 3 * 60_000;
const OLD = "*";
const OLD_NOTE = "* is not of now: nothing has come since. Name the metric to see when it was.";

/** Signals one line each, under the resource that they are of, for a terminal. */
export function renderOverview(
  report: MetricsReport,
  { glyphs, columns }: { readonly glyphs: Glyphs; readonly columns: number },
): string {
  const { signals, window, periodSeconds } = report;
  const isAnyOld = signals.some((signal) => isOld(signal, report));
  // A column for the marks, so that the numbers stay below each other.
  const mark = (signal: ReadSignal) => (isOld(signal, report) ? OLD : isAnyOld ? " " : "");
  const cells = signals.map((signal) => valuesOf(signal, mark(signal)));
  const widths = HEADINGS.map((heading, index) =>
    Math.max(heading.length, ...cells.map((each) => (each[index] ?? "").length)),
  );
  const taken = widths.reduce((sum, width) => sum + width + 2, INDENT.length + 1);
  const longest = Math.max(...signals.map(({ name }) => name.length));
  const nameWidth = Math.min(longest, MOST_NAME, Math.max(12, columns - taken - LEAST_SPARK));
  const sparkWidth = Math.max(LEAST_SPARK, columns - taken - nameWidth);
  const values = (each: readonly string[]) =>
    each.map((text, index) => `  ${text.padStart(widths[index] ?? 0)}`).join("");
  const axis = timesAbove(report, sparkWidth);
  const lines = [
    ...headingOf(report),
    "",
    `${" ".repeat(INDENT.length + nameWidth + 1)}${axis.padEnd(sparkWidth)}${values(HEADINGS)}`.trimEnd(),
  ];
  let resource: string | undefined;
  for (const [index, signal] of signals.entries()) {
    if (signal.of !== resource) {
      resource = signal.of;
      lines.push(escapeControls(signal.of));
    }
    const buckets = bucketPoints(signal.points, window, periodSeconds, sparkWidth);
    const chart = signal.summary === undefined ? NO_DATA : sparkline(buckets, { glyphs });
    const name = cutText(escapeControls(signal.name), nameWidth, glyphs.ellipsis).padEnd(nameWidth);
    const numbers = signal.summary === undefined ? "" : values(cells[index] ?? []);
    lines.push(`${INDENT}${name} ${chart.padEnd(sparkWidth)}${numbers}`.trimEnd());
  }
  return `${[...lines, ...(isAnyOld ? ["", OLD_NOTE] : [])].join("\n")}\n`;
}

/** The same in plain columns, for a file or a pipe. */
export function renderOverviewTable(report: MetricsReport): string {
  const rows = report.signals.map((signal) => [
    signal.of,
    signal.name,
    ...(signal.summary === undefined ? [NO_DATA] : valuesOf(signal, isOld(signal, report) ? OLD : "")),
  ]);
  const note = report.signals.some((signal) => isOld(signal, report)) ? `\n${OLD_NOTE}\n` : "";
  return `${[...headingOf(report), ""].join("\n")}\n${table([["RESOURCE", "SIGNAL", ...HEADINGS], ...rows])}${note}`;
}

/** What was read, over which time, and what each value is of; and whether the last one can still change. */
export function headingOf({ environment, target, window, periodSeconds, now, signals }: MetricsReport): string[] {
  const last = beginningsOf(window, periodSeconds).at(-1) ?? window.from;
  const isOpen = last + periodSeconds * 1000 > now && signals.some(({ summary }) => summary?.latest.at === last);
  return [
    `${environment} on ${target}`,
    `${formatTime(window.from)} to ${formatTime(window.to)}, ${periodInWords(periodSeconds)}`,
    ...(isOpen ? [`The last period, from ${formatTick(last, window)}, is not over yet.`] : []),
  ];
}

/** Whether the latest value is so old that it says nothing of the window's end. */
function isOld({ summary }: ReadSignal, { window, periodSeconds }: MetricsReport): boolean {
  const periodMs = periodSeconds * 1000;
  return summary !== undefined && window.to - (summary.latest.at + periodMs) > Math.max(periodMs, LATE_MS);
}

/** @param mark - behind the latest value */
function valuesOf({ summary, unit }: ReadSignal, mark: string): string[] {
  if (summary === undefined) {
    return [];
  }
  const { latest, min, max, total, share } = summary;
  const part = share === undefined ? "" : ` (${formatValue(share.percent, "%")})`;
  return [
    `${formatValue(latest.value, unit)}${mark}`,
    ...[min, max].map(({ value }) => formatValue(value, unit)),
    total === undefined ? "" : `${formatValue(total, unit)}${part}`,
  ];
}

/** When the sparklines begin and end. */
function timesAbove({ window }: MetricsReport, width: number): string {
  const [from, to] = [formatTick(window.from, window), formatTick(window.to, window)];
  const gap = width - from.length - to.length;
  return gap < 1 ? "" : `${from}${" ".repeat(gap)}${to}`;
}
