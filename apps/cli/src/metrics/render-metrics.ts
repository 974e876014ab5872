import { sparkline } from "../charts/bar-chart.ts";
import { bucketPoints } from "../charts/bucket-points.ts";
import { formatTick, formatTime } from "../charts/format-time.ts";
import { formatValue } from "../charts/format-value.ts";
import type { Glyphs } from "../charts/glyphs.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { table } from "../terminal/table.ts";
import { periodInWords } from "./choose-period.ts";
import type { MetricsReport, ReadSignal } from "./read-signals.ts";

const NO_DATA = "no data";
const INDENT = "  ";
const HEADINGS = ["LATEST", "MIN", "MAX", "TOTAL"];
/** What names may take of a line, and what sparklines need of it at least. */
const MOST_NAME = 34;
const LEAST_SPARK = 10;

/** Signals one line each, under the resource that they are of, for a terminal. */
export function renderOverview(
  report: MetricsReport,
  { glyphs, columns }: { readonly glyphs: Glyphs; readonly columns: number },
): string {
  const { signals, window, periodSeconds } = report;
  const cells = signals.map(valuesOf);
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
    const name = cut(escapeControls(signal.name), nameWidth, glyphs.ellipsis).padEnd(nameWidth);
    const numbers = signal.summary === undefined ? "" : values(cells[index] ?? []);
    lines.push(`${INDENT}${name} ${chart.padEnd(sparkWidth)}${numbers}`.trimEnd());
  }
  return `${[...lines, ...notesOf(report)].join("\n")}\n`;
}

/** The same in plain columns, for a file or a pipe. */
export function renderOverviewTable(report: MetricsReport): string {
  const rows = report.signals.map((signal) => [
    signal.of,
    signal.name,
    ...(signal.summary === undefined ? [NO_DATA] : valuesOf(signal)),
  ]);
  const lines = [...headingOf(report), "", ...notesOf(report)].join("\n");
  return `${lines}\n${table([["RESOURCE", "SIGNAL", ...HEADINGS], ...rows])}`;
}

/** What was read, over which time, and what each value is of. */
export function headingOf({ environment, target, window, periodSeconds }: MetricsReport): string[] {
  return [
    `${environment} on ${target}`,
    `${formatTime(window.from)} to ${formatTime(window.to)}, ${periodInWords(periodSeconds)}`,
  ];
}

/** What one must know to read it right. */
function notesOf({ window, periodSeconds, now, signals }: MetricsReport): string[] {
  const periodMs = periodSeconds * 1000;
  const last = Math.floor((window.to - 1) / periodMs) * periodMs;
  const isOpen = last + periodMs > now && signals.some(({ summary }) => summary?.latest.at === last);
  return isOpen ? [`The last period, from ${formatTick(last, window)}, is not over yet.`] : [];
}

function valuesOf({ summary, unit }: ReadSignal): string[] {
  if (summary === undefined) {
    return [];
  }
  const { latest, min, max, total, share } = summary;
  const part = share === undefined ? "" : ` (${formatValue(share.percent, "%")})`;
  return [
    ...[latest, min, max].map(({ value }) => formatValue(value, unit)),
    total === undefined ? "" : `${formatValue(total, unit)}${part}`,
  ];
}

/** When the sparklines begin and end. */
function timesAbove({ window }: MetricsReport, width: number): string {
  const [from, to] = [formatTick(window.from, window), formatTick(window.to, window)];
  const gap = width - from.length - to.length;
  return gap < 1 ? "" : `${from}${" ".repeat(gap)}${to}`;
}

function cut(text: string, width: number, ellipsis: string): string {
  return text.length > width ? `${text.slice(0, width - 1)}${ellipsis}` : text;
}
