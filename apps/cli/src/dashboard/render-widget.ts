import type { TimeWindow } from "@slipway/analysis";
import type { AlarmState } from "@slipway/release-engine";
import { MISSING_WORD, STATE_WIDTH, STATE_WORDS } from "../alarms/state-words.ts";
import { axisChart } from "../charts/axis-chart.ts";
import { barChart } from "../charts/bar-chart.ts";
import { bucketPoints } from "../charts/bucket-points.ts";
import { formatSpan } from "../charts/format-time.ts";
import { formatValue } from "../charts/format-value.ts";
import type { Glyphs } from "../charts/glyphs.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { renderAnswer } from "../insights/render-answer.ts";
import { cutText } from "../terminal/cut-text.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { paint } from "../terminal/paint.ts";
import type { ShownAlarm, ShownSeries, ShownWidget, WidgetContent } from "./read-dashboard.ts";

/** How widgets are drawn. */
export interface WidgetLook {
  readonly glyphs: Glyphs;
  readonly colour: boolean;
  readonly window: TimeWindow;
  /** The time on the target. */
  readonly now: number;
}

type MetricContent = Extract<WidgetContent, { type: "metric" }>;

/** Lines of the terminal for a line of the dashboard's grid. */
const LINES_PER_UNIT = 1.5;
/** What is shown of many series, rows and lines. */
const MOST_SERIES = 10;
const MOST_ROWS = 12;
const HIGHEST_CHART = 8;
const HIGHEST_OF_SEVERAL = 3;

const RANKS: Readonly<Record<AlarmState, number>> = { ALARM: 0, INSUFFICIENT_DATA: 2, OK: 3 };

/** A widget as lines, none of them wider than it has columns. */
export function renderWidget(widget: ShownWidget, columns: number, look: WidgetLook): readonly string[] {
  const { content } = widget;
  const title = "title" in content ? content.title : undefined;
  return [...(title === undefined ? [] : heading(title, columns, look)), ...body(widget, columns, look)];
}

function body({ content, height }: ShownWidget, columns: number, look: WidgetLook): readonly string[] {
  switch (content.type) {
    case "metric":
      return metricLines(content, Math.round(height * LINES_PER_UNIT), columns, look);
    case "alarm":
      return alarmLines(content.alarms, columns, look);
    case "log":
      return logLines(content.answer, columns, look);
    case "text":
      return textLines(content.markdown, columns);
    case "other":
      return wrapText(
        escapeControls(content.isFailure ? `cannot be shown: ${content.what}` : `not shown: ${content.what}`),
        columns,
        "",
      );
  }
}

function heading(title: string, columns: number, { glyphs }: WidgetLook): string[] {
  const lines = wrapText(escapeControls(title), columns - 3, "");
  return lines.map((line, index) => {
    const text = `${index === 0 ? glyphs.rule : " "} ${line.trim()} `;
    return index === lines.length - 1 ? text + glyphs.rule.repeat(Math.max(0, columns - text.length)) : text;
  });
}

function metricLines(content: MetricContent, room: number, columns: number, look: WidgetLook): readonly string[] {
  const { series, view, alarm, annotations } = content;
  if (alarm !== undefined) {
    return [...alarmLines([alarm], columns, look), ...wrapText(escapeControls(alarm.condition), columns, "  ")];
  }
  if (series.length === 0) {
    return ["no data"];
  }
  const shown = series.length > MOST_SERIES ? largest(series) : series;
  const rest = series.length - shown.length;
  const more = rest === 0 ? [] : [`and ${rest} more, all of them smaller`];
  const limits = annotations.map(({ value, label = "limit" }) => {
    const unit = series[0]?.unit ?? "";
    const most = highest(series);
    const seen = most === undefined ? "" : ` (highest ${formatValue(most, unit)})`;
    return cutText(
      `${look.glyphs.limit} ${formatValue(value, unit)}${seen} ${escapeControls(label)}`,
      columns,
      look.glyphs.ellipsis,
    );
  });
  if (view !== "timeSeries") {
    return [...shown.map((each) => legend(each, columns, look)), ...more, ...limits];
  }
  const [only] = shown;
  if (shown.length === 1 && only !== undefined && only.points.length > 0) {
    const chart = axisChart(
      {
        ...{ points: only.points, window: look.window, periodSeconds: only.periodSeconds, unit: only.unit },
        ...content.leftAxis,
        limits: annotations.filter(({ axis }) => axis === only.axis).map(({ value }) => value),
      },
      {
        ...{ glyphs: look.glyphs, width: columns },
        height: isFlat(only) ? 2 : Math.min(HIGHEST_CHART, Math.max(3, room - 4)),
      },
    );
    return [legend(only, columns, look), ...chart, ...limits];
  }
  const rows = Math.min(HIGHEST_OF_SEVERAL, Math.max(1, Math.floor((room - shown.length) / shown.length)));
  return [...shown.flatMap((each) => smallChart(each, content, rows, columns, look)), ...more, ...limits];
}

/** A legend, and bars with a scale of their own: of three errors beside a thousand requests nothing would be seen. */
function smallChart(series: ShownSeries, { leftAxis }: MetricContent, rows: number, columns: number, look: WidgetLook) {
  const { points, periodSeconds } = series;
  if (points.length === 0) {
    return [legend(series, columns, look)];
  }
  const values = bucketPoints(points, look.window, periodSeconds, columns);
  const { min, max } = series.axis === "left" ? leftAxis : {};
  const chart = barChart(values, {
    ...{ glyphs: look.glyphs, height: isFlat(series) ? 1 : rows },
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  });
  return [legend(series, columns, look), ...chart.map((line) => line.trimEnd())];
}

/** `requests                 12, max 140`. */
function legend({ label, points, unit }: ShownSeries, columns: number, look: WidgetLook): string {
  const latest = points.at(-1);
  const most = points.reduce<number | undefined>(
    (highest, { value }) => (highest === undefined || value > highest ? value : highest),
    undefined,
  );
  const numbers =
    latest === undefined || most === undefined
      ? "no data"
      : `${formatValue(latest.value, unit)}${most === latest.value ? "" : `, max ${formatValue(most, unit)}`}`;
  const name = cutText(escapeControls(label), columns - numbers.length - 1, look.glyphs.ellipsis);
  return `${name}${" ".repeat(Math.max(1, columns - name.length - numbers.length))}${numbers}`;
}

function alarmLines(alarms: readonly ShownAlarm[], columns: number, { glyphs, colour, now }: WidgetLook): string[] {
  if (alarms.length === 0) {
    return ["none"];
  }
  const rank = ({ state }: ShownAlarm) => (state === undefined ? 1 : RANKS[state]);
  const cells = alarms
    .toSorted((left, right) => rank(left) - rank(right))
    .map(({ name, state, since }) => {
      const word = state === undefined ? MISSING_WORD : STATE_WORDS[state];
      const age = state === "ALARM" && since !== undefined ? ` (${formatSpan(now - since)})` : "";
      return { word, state, text: escapeControls(`${name}${age}`) };
    });
  const width = STATE_WIDTH + 2 + Math.max(...cells.map(({ text }) => text.length)) + 2;
  const across = Math.max(1, Math.floor((columns + 2) / width));
  const down = Math.ceil(cells.length / across);
  return Array.from({ length: down }, (_, row) =>
    Array.from({ length: across }, (_, column) => {
      const cell = cells[column * down + row];
      if (cell === undefined) {
        return "";
      }
      const room = Math.min(width - 2, columns) - STATE_WIDTH - 2;
      const text = cutText(cell.text, room, glyphs.ellipsis);
      const word = cell.word.padEnd(STATE_WIDTH);
      const isBad = colour && (cell.state === "ALARM" || cell.state === undefined);
      return `${isBad ? paint(word, "bad") : word}  ${text.padEnd(across === 1 ? 0 : width - STATE_WIDTH - 4)}`;
    })
      .join("  ")
      .trimEnd(),
  );
}

function logLines(
  answer: Extract<WidgetContent, { type: "log" }>["answer"],
  columns: number,
  { glyphs }: WidgetLook,
): readonly string[] {
  const fields = answer.fields.filter((field) => field !== "@ptr");
  if (answer.rows.length === 0) {
    return ["no rows"];
  }
  const { text } = renderAnswer({ ...answer, fields, rows: answer.rows.slice(0, MOST_ROWS) }, columns, glyphs.ellipsis);
  const rest = answer.rows.length - MOST_ROWS;
  return [...text.trimEnd().split("\n"), ...(rest > 0 ? [`and ${rest} more rows`] : [])];
}

/** Markdown as it is typed, without the marks of its headings and emphasis. */
function textLines(markdown: string, columns: number): readonly string[] {
  return markdown
    .trimEnd()
    .split("\n")
    .flatMap((line) => {
      const plain = line
        .replace(/^#{1,6}\s+/, "")
        .replace(/(\*\*|__)(.+?)\1/g, "$2")
        .replace(/\[([^\]]*)\]\(([^)\s]*)[^)]*\)/g, "$1 ($2)");
      return plain.trim() === "" ? [""] : wrapText(escapeControls(plain), columns, "");
    });
}

function isFlat({ points }: ShownSeries): boolean {
  return points.every(({ value }) => value === 0);
}

function largest(series: readonly ShownSeries[]): readonly ShownSeries[] {
  const size = (each: ShownSeries) => highest([each]) ?? Number.NEGATIVE_INFINITY;
  return series.toSorted((left, right) => size(right) - size(left)).slice(0, MOST_SERIES);
}

function highest(series: readonly ShownSeries[]): number | undefined {
  const values = series.flatMap(({ points }) => points.map(({ value }) => value));
  return values.length === 0 ? undefined : values.reduce((most, value) => Math.max(most, value));
}
