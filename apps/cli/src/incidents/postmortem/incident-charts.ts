import type { Postmortem } from "@slipway/contracts";
import { formatValue } from "../../charts/format-value.ts";
import { type SvgChart, type SvgMark, svgChart } from "./svg-chart.ts";
import { utcTime } from "./zoned-time.ts";

/** A chart of a post-mortem. */
export interface IncidentChart {
  /** Its file's name, without what comes before it. */
  readonly file: "requests.svg" | "latency.svg";
  readonly title: string;
  readonly svg: string;
}

/** Requests with the failed ones among them, and how long answers took; none where metrics could not be read. */
export function incidentCharts(postmortem: Postmortem): readonly IncidentChart[] {
  const { series } = postmortem;
  return series === null ? [] : [requestsChart(postmortem, series), latencyChart(postmortem, series)];
}

type Series = NonNullable<Postmortem["series"]>;

function requestsChart(postmortem: Postmortem, series: Series): IncidentChart {
  const points = series.points.map((point) => ({ ...point, at: Date.parse(point.at) }));
  const sum = (of: (point: (typeof points)[number]) => number) => points.reduce((total, each) => total + of(each), 0);
  const requests = sum((point) => point.requests);
  const failed = sum((point) => point.failed);
  const title = `${postmortem.incident}: requests and failures ${periodWords(series.periodSeconds)}`;
  const description = `${formatValue(requests)} requests ${spanWords(series)}, ${formatValue(failed)} of them answered with 5xx. ${marksWords(postmortem)}`;
  const svg = svgChart({
    ...common(postmortem, series),
    ...{ id: `${postmortem.environment}-${postmortem.incident}-requests`, title, description, unit: "count" },
    layers: [
      {
        ...{ name: "requests", kind: "bars", color: "calm" },
        points: points.map((point) => ({ at: point.at, value: point.requests })),
      },
      {
        ...{ name: "answered with 5xx", kind: "bars", color: "bad" },
        points: points.map((point) => ({ at: point.at, value: point.failed })),
      },
    ],
  });
  return { file: "requests.svg", title, svg };
}

function latencyChart(postmortem: Postmortem, series: Series): IncidentChart {
  const points = series.points.flatMap(({ at, latencyP99Ms: value }) =>
    value === null ? [] : [{ at: Date.parse(at), value }],
  );
  const highest = points.reduce((most, { value }) => Math.max(most, value), 0);
  const limit = formatValue(postmortem.slowMs, "ms");
  const title = `${postmortem.incident}: latency, 99th percentile ${periodWords(series.periodSeconds)}`;
  const description =
    points.length === 0
      ? `Nothing was asked ${spanWords(series)}.`
      : `At most ${formatValue(highest, "ms")} ${spanWords(series)}; slow is what takes longer than ${limit}. ${marksWords(postmortem)}`;
  const svg = svgChart({
    ...common(postmortem, series),
    ...{ id: `${postmortem.environment}-${postmortem.incident}-latency`, title, description, unit: "ms" },
    layers: [{ name: "99th percentile", kind: "line", color: "calm", points }],
    limit: { value: postmortem.slowMs, label: `slow above ${limit}` },
  });
  return { file: "latency.svg", title, svg };
}

function common(
  { marks, times }: Postmortem,
  { from, to, periodSeconds }: Series,
): Pick<SvgChart, "window" | "periodSeconds" | "marks" | "shaded"> {
  const window = { from: Date.parse(from), to: Date.parse(to) };
  return {
    ...{ window, periodSeconds },
    marks: marks.map(({ at, ...mark }): SvgMark => ({ at: Date.parse(at), ...mark })),
    shaded: { from: Date.parse(times.startedAt), to: Date.parse(times.resolvedAt ?? to) },
  };
}

function marksWords({ marks, times }: Postmortem): string {
  const began = `It began to hurt at ${utcTime(Date.parse(times.startedAt))}.`;
  const marked = marks.map(({ at, label }) => `${label} at ${utcTime(Date.parse(at))}`);
  return marked.length === 0 ? began : `${began} Marked are: ${marked.join("; ")}. Times are UTC.`;
}

function spanWords({ from, to }: Series): string {
  return `from ${utcTime(Date.parse(from))} to ${utcTime(Date.parse(to))} UTC`;
}

function periodWords(seconds: number): string {
  return seconds === 60 ? "by the minute" : `by ${seconds / 60} minutes`;
}
