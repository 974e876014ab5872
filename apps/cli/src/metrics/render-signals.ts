import { axisChart } from "../charts/axis-chart.ts";
import { formatTick, formatTime } from "../charts/format-time.ts";
import { formatValue } from "../charts/format-value.ts";
import type { Glyphs } from "../charts/glyphs.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { table } from "../terminal/table.ts";
import { beginningsOf } from "./choose-period.ts";
import type { MetricsReport, ReadSignal } from "./read-signals.ts";
import { headingOf } from "./render-metrics.ts";

const NO_DATA = "no data";
const INDENT = "  ";
/** Lines of a chart when there is one, when there are several, and where all is 0. */
const HIGH = 10;
const LOW = 6;
const FLAT = 2;

/** A chart with axes for each signal, for a terminal. */
export function renderCharts(
  report: MetricsReport,
  { glyphs, columns }: { readonly glyphs: Glyphs; readonly columns: number },
): string {
  const { signals, window, periodSeconds } = report;
  const height = signals.length === 1 ? HIGH : LOW;
  const parts = signals.map((signal) => {
    const title = [
      ...wrapText(escapeControls(`${signal.of}: ${signal.name}`), columns, ""),
      ...wrapText(sourceOf(signal), columns, INDENT),
    ];
    if (signal.summary === undefined) {
      return [...title, `${INDENT}${NO_DATA} between ${formatTime(window.from)} and ${formatTime(window.to)}`];
    }
    const chart = axisChart(
      { points: signal.points, window, periodSeconds, unit: signal.unit },
      { glyphs, width: columns - INDENT.length, height: isFlat(signal) ? FLAT : height },
    );
    return [
      ...title,
      ...chart.map((line) => `${INDENT}${line}`),
      ...wrapText(summaryOf(signal, report), columns, INDENT),
    ];
  });
  return `${[headingOf(report), ...parts].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function isFlat({ summary }: ReadSignal): boolean {
  return summary?.min.value === 0 && summary.max.value === 0;
}

/** A column for each signal that has data and a line for each period, for a file or a pipe. */
export function renderTable(report: MetricsReport): string {
  const { signals, window, periodSeconds } = report;
  const keys = signals.map((_, index) => `[${index + 1}]`);
  const legend = signals.flatMap((signal, index) => [
    escapeControls(`${keys[index]} ${signal.of}: ${signal.name}`),
    `    ${sourceOf(signal)}`,
    `    ${signal.summary === undefined ? NO_DATA : summaryOf(signal, report)}`,
  ]);
  const shown = signals.flatMap(({ points, unit }, index) =>
    points.length === 0
      ? []
      : [{ key: keys[index] ?? "", unit, values: new Map(points.map(({ at, value }) => [at, value])) }],
  );
  if (shown.length === 0) {
    return `${[...headingOf(report), "", ...legend].join("\n")}\n`;
  }
  const rows: string[][] = [["TIME", ...shown.map(({ key }) => key)]];
  for (const at of beginningsOf(window, periodSeconds)) {
    rows.push([
      formatTime(at),
      ...shown.map(({ values, unit }) => {
        const value = values.get(at);
        return value === undefined ? NO_DATA : formatValue(value, unit);
      }),
    ]);
  }
  return `${[...headingOf(report), "", ...legend, ""].join("\n")}\n${table(rows)}`;
}

/** `Sum of AWS/ApiGateway 5XXError, ApiName=items-api-prod, Stage=prod`. */
function sourceOf({ statistic, metric }: ReadSignal): string {
  const dimensions = Object.entries(metric.dimensions).map(([name, value]) => `, ${name}=${value}`);
  return escapeControls(`${statistic} of ${metric.namespace} ${metric.name}${dimensions.join("")}`);
}

function summaryOf({ summary, unit, points }: ReadSignal, { window, periodSeconds }: MetricsReport): string {
  if (summary === undefined) {
    return NO_DATA;
  }
  const { latest, min, max, total, share } = summary;
  const at = (moment: number) => formatTick(moment, window);
  const periods = beginningsOf(window, periodSeconds).length;
  const part =
    share === undefined ? "" : ` of ${formatValue(share.total)} ${share.name} (${formatValue(share.percent, "%")})`;
  const empty = periods - points.length;
  return [
    `latest ${formatValue(latest.value, unit)} at ${at(latest.at)}`,
    `min ${formatValue(min.value, unit)}`,
    `max ${formatValue(max.value, unit)}${max.value > min.value ? ` at ${at(max.at)}` : ""}`,
    ...(total === undefined ? [] : [`total ${formatValue(total, unit)}${part}`]),
    ...(empty === 0 ? [] : [`no data in ${empty} of ${periods} periods`]),
  ].join(", ");
}
