import type { TimeWindow } from "@slipway/analysis";
import { formatValue, type Unit } from "../../charts/format-value.ts";
import { escapeXml } from "./escape-xml.ts";

/** Values over time, one for each period that has any. */
export interface SvgPoint {
  /** Beginning of the period, in milliseconds since the epoch. */
  readonly at: number;
  readonly value: number;
}

/** Something that is drawn. */
export interface SvgLayer {
  readonly name: string;
  /** Bars stand on the axis: a later layer is a part of an earlier one. A line is broken where a period has no value. */
  readonly kind: "bars" | "line";
  readonly color: "calm" | "bad";
  readonly points: readonly SvgPoint[];
}

/** A moment that is marked. */
export interface SvgMark {
  readonly at: number;
  readonly kind: string;
  readonly label: string;
}

/** A chart over time. */
export interface SvgChart {
  /** Of letters and hyphens: what names parts of the picture begins with it. */
  readonly id: string;
  readonly title: string;
  /** For those who do not see it: everything that matters in it, in words. */
  readonly description: string;
  readonly window: TimeWindow;
  readonly periodSeconds: number;
  readonly unit: Unit;
  readonly layers: readonly SvgLayer[];
  readonly limit?: { readonly value: number; readonly label: string };
  readonly marks: readonly SvgMark[];
  /** What is shaded: from when until when it hurt. */
  readonly shaded?: TimeWindow;
}

const WIDTH = 960;
const PLOT_HEIGHT = 240;
const LEFT = 72;
const RIGHT = 24;
const TITLE_HEIGHT = 34;
const ROW_HEIGHT = 16;
const AXIS_HEIGHT = 28;
const LEGEND_HEIGHT = 26;
/** A guess that is rather too wide, so that labels do not overlap whatever the font is. */
const LETTER_WIDTH = 6.8;
const LINES = 4;
/** Steps between times on the axis, in minutes; the first that makes no more than so many is taken. */
const TICKS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080];
const MOST_TICKS = 10;

/**
 * Light by itself, dark where the reader's page is: both have the contrast that text needs. The colours are told apart by those who do not
 * tell red from green (Okabe and Ito).
 */
const STYLE = `
.ground { fill: #ffffff; }
text { fill: #1f2328; font: 12px system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
.title { font-size: 15px; font-weight: 600; }
.grid { stroke: #d1d9e0; stroke-width: 1; }
.axis { stroke: #59636e; stroke-width: 1; }
.calm { fill: #56b4e9; }
.bad { fill: #b83f00; }
path.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.line.calm { stroke: #0072b2; }
.line.bad { stroke: #b83f00; }
.dot.calm { fill: #0072b2; }
.limit { stroke: #b83f00; stroke-width: 1.5; stroke-dasharray: 2 4; }
.shaded { fill: #e69f00; fill-opacity: 0.16; }
.mark { stroke: #1f2328; stroke-width: 1.5; stroke-dasharray: 5 3; }
@media (prefers-color-scheme: dark) {
.ground { fill: #0d1117; }
text { fill: #f0f6fc; }
.grid { stroke: #3d444d; }
.axis { stroke: #9198a1; }
.calm { fill: #2f81c1; }
.bad { fill: #ff8a4c; }
.line.calm { stroke: #79c0ff; }
.line.bad { stroke: #ff8a4c; }
.dot.calm { fill: #79c0ff; }
.limit { stroke: #ff8a4c; }
.shaded { fill-opacity: 0.22; }
.mark { stroke: #f0f6fc; }
}
`;

/** Draws a chart as an SVG document: without scripts, links or anything from elsewhere; whatever comes from outside is escaped. */
export function svgChart(chart: SvgChart): string {
  const { id, title, description, window } = chart;
  const marks = placedMarks(chart);
  const top = TITLE_HEIGHT + ROW_HEIGHT * Math.max(1, ...marks.map(({ row }) => row + 1)) + 6;
  const bottom = top + PLOT_HEIGHT;
  const height = bottom + AXIS_HEIGHT + LEGEND_HEIGHT;
  const most = niceAbove(
    Math.max(chart.limit?.value ?? 0, ...chart.layers.flatMap(({ points }) => points.map(({ value }) => value))),
  );
  const plot: Plot = {
    ...{ top, bottom },
    x: (at) => xOf(window, at),
    y: (value) => bottom - (PLOT_HEIGHT * Math.min(value, most)) / most,
  };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">${escapeXml(title)}</title>`,
    `<desc id="${id}-desc">${escapeXml(description)}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${height}"/>`,
    `<text class="title" x="${LEFT}" y="22">${escapeXml(title)}</text>`,
    ...shadedArea(chart, plot),
    ...grid(chart, plot, most),
    ...chart.layers.flatMap((layer) => (layer.kind === "bars" ? bars(layer, chart, plot) : line(layer, chart, plot))),
    ...limitLine(chart, plot),
    `<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${bottom}" y2="${bottom}"/>`,
    ...marks.flatMap((mark) => markLine(mark, plot)),
    ...legend(chart, height - 10),
    "</svg>",
    "",
  ].join("\n");
}

interface Plot {
  readonly top: number;
  readonly bottom: number;
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
}

function xOf({ from, to }: TimeWindow, at: number): number {
  const share = Math.min(1, Math.max(0, (at - from) / Math.max(1, to - from)));
  return LEFT + (WIDTH - LEFT - RIGHT) * share;
}

function shadedArea({ shaded }: SvgChart, { x, top }: Plot): string[] {
  if (shaded === undefined) {
    return [];
  }
  const [from, to] = [x(shaded.from), x(shaded.to)];
  return [rect("shaded", from, top, to - from, PLOT_HEIGHT)];
}

function grid({ window, unit }: SvgChart, { x, y, top, bottom }: Plot, most: number): string[] {
  const rows = Array.from({ length: LINES + 1 }, (_, index) => (most * index) / LINES).flatMap((value) => [
    `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y(value))}" y2="${round(y(value))}"/>`,
    `<text x="${LEFT - 8}" y="${round(y(value) + 4)}" text-anchor="end">${escapeXml(formatValue(value, unit))}</text>`,
  ]);
  const columns = ticksOf(window).flatMap(({ at, label }) => [
    `<line class="grid" x1="${round(x(at))}" x2="${round(x(at))}" y1="${top}" y2="${bottom + 4}"/>`,
    // The last one would be cut at the edge.
    `<text x="${round(x(at))}" y="${bottom + 18}" text-anchor="${x(at) > WIDTH - RIGHT - 16 ? "end" : "middle"}">${label}</text>`,
  ]);
  return [...rows, ...columns];
}

function ticksOf({ from, to }: TimeWindow): readonly { readonly at: number; readonly label: string }[] {
  const minutes = (to - from) / 60_000;
  const step = (TICKS.find((each) => minutes / each <= MOST_TICKS) ?? Math.ceil(minutes / MOST_TICKS)) * 60_000;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, index) => {
    const at = first + index * step;
    const iso = new Date(at).toISOString();
    return { at, label: step >= 86_400_000 ? iso.slice(5, 10) : iso.slice(11, 16) };
  });
}

function bars(
  { color, points, name }: SvgLayer,
  { periodSeconds, unit, window }: SvgChart,
  { x, y, bottom }: Plot,
): string[] {
  const periodMs = periodSeconds * 1_000;
  const drawn = points.flatMap(({ at, value }) => {
    if (value <= 0 || at + periodMs <= window.from || at >= window.to) {
      return [];
    }
    const [left, right] = [x(at), x(at + periodMs)];
    // One of ten thousand is seen, too.
    const high = Math.max(1, bottom - y(value));
    const box = `x="${round(left)}" y="${round(bottom - high)}" width="${round(Math.max(0.5, right - left - 0.5))}" height="${round(high)}"`;
    return [`<rect ${box}><title>${escapeXml(pointWords(at, value, name, unit))}</title></rect>`];
  });
  return [`<g class="${color}">`, ...drawn, "</g>"];
}

function line({ color, points, name }: SvgLayer, { periodSeconds, unit, window }: SvgChart, { x, y }: Plot): string[] {
  const periodMs = periodSeconds * 1_000;
  const within = points.filter(({ at }) => at + periodMs > window.from && at < window.to);
  const place = ({ at, value }: SvgPoint) => ({ left: x(at + periodMs / 2), up: y(value) });
  const path = within.map((point, index) => {
    const { left, up } = place(point);
    const before = within[index - 1];
    return `${before !== undefined && point.at - before.at <= periodMs ? "L" : "M"}${round(left)} ${round(up)}`;
  });
  const dots = within.map((point) => {
    const { left, up } = place(point);
    const words = escapeXml(pointWords(point.at, point.value, name, unit));
    return `<circle class="dot ${color}" cx="${round(left)}" cy="${round(up)}" r="2"><title>${words}</title></circle>`;
  });
  return [`<path class="line ${color}" d="${path.join(" ")}"/>`, ...dots];
}

function pointWords(at: number, value: number, name: string, unit: Unit): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z: ${formatValue(value, unit)} ${name}`;
}

function limitLine({ limit }: SvgChart, { y }: Plot): string[] {
  if (limit === undefined) {
    return [];
  }
  const up = round(y(limit.value));
  return [
    `<line class="limit" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${up}" y2="${up}"/>`,
    `<text x="${WIDTH - RIGHT - 4}" y="${round(y(limit.value) - 5)}" text-anchor="end">${escapeXml(limit.label)}</text>`,
  ];
}

interface PlacedMark {
  readonly kind: string;
  readonly label: string;
  readonly x: number;
  readonly row: number;
  readonly anchor: "start" | "end";
}

/** Each label in the first row that has room for it, beside its line: to the left where it would leave the picture. */
function placedMarks({ marks, window }: SvgChart): readonly PlacedMark[] {
  const taken: number[][] = [];
  return marks
    .filter(({ at }) => at >= window.from && at <= window.to)
    .toSorted((left, right) => left.at - right.at)
    .map(({ at, kind, label: text }) => {
      const label = text.length > 40 ? `${text.slice(0, 39)}…` : text;
      const x = xOf(window, at);
      const width = label.length * LETTER_WIDTH + 10;
      const anchor = x + width > WIDTH - RIGHT ? "end" : "start";
      const [left, right] = anchor === "start" ? [x, x + width] : [x - width, x];
      const isFree = (row: readonly number[]) => {
        for (let index = 0; index < row.length; index += 2) {
          if (left < (row[index + 1] ?? 0) && right > (row[index] ?? 0)) return false;
        }
        return true;
      };
      const found = taken.findIndex(isFree);
      const row = found === -1 ? taken.push([]) - 1 : found;
      taken[row]?.push(left, right);
      return { kind, label, x, row, anchor };
    });
}

function markLine({ kind, label, x, row, anchor }: PlacedMark, { bottom }: Plot): string[] {
  const up = TITLE_HEIGHT + ROW_HEIGHT * row;
  const beside = anchor === "start" ? x + 4 : x - 4;
  return [
    `<line class="mark ${escapeXml(kind)}" x1="${round(x)}" x2="${round(x)}" y1="${up}" y2="${bottom}"/>`,
    `<text x="${round(beside)}" y="${up + 11}" text-anchor="${anchor}">${escapeXml(label)}</text>`,
  ];
}

function legend({ layers, shaded }: SvgChart, y: number): string[] {
  const items = [
    ...layers.map(({ name, color }) => ({ name, color })),
    ...(shaded === undefined ? [] : [{ name: "while it hurt", color: "shaded" }]),
  ];
  let x = LEFT;
  const drawn = items.flatMap(({ name, color }) => {
    const parts = [rect(color, x, y - 10, 12, 12), `<text x="${round(x + 18)}" y="${y}">${escapeXml(name)}</text>`];
    x += 40 + name.length * LETTER_WIDTH;
    return parts;
  });
  return [...drawn, `<text x="${WIDTH - RIGHT}" y="${y}" text-anchor="end">times are UTC</text>`];
}

function rect(name: string, x: number, y: number, width: number, height: number): string {
  return `<rect class="${name}" x="${round(x)}" y="${round(y)}" width="${round(Math.max(0, width))}" height="${round(height)}"/>`;
}

/** The next of 1, 2, 4, 8 times a power of ten that the axis can be divided by four with. */
function niceAbove(value: number): number {
  if (!(value > 0)) {
    return LINES;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 4, 8, 10].find((each) => each * power >= value) ?? 10;
  return Math.max(factor * power, LINES);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
