import type { MetricPoint } from "@slipway/release-engine";
import { escapeControlsInJson } from "../terminal/escape-controls.ts";
import type { MetricsReport, SignalSummary } from "./read-signals.ts";

/** The report as one JSON document; times are ISO 8601 in UTC, and a period without data is not there. */
export function metricsJson({ environment, target, window, periodSeconds, now, signals }: MetricsReport): string {
  return `${escapeControlsInJson(
    JSON.stringify({
      ...{ version: 1, environment, target },
      from: iso(window.from),
      to: iso(window.to),
      // A period that goes on beyond it is not over.
      now: iso(now),
      periodSeconds,
      signals: signals.map(({ of, name, metric, statistic, unit, points, summary }) => ({
        ...{ resource: of, signal: name, metric, statistic, unit },
        summary: summary === undefined ? null : summaryJson(summary),
        points: points.map(pointJson),
      })),
    }),
  )}\n`;
}

function summaryJson({ latest, min, max, total, share }: SignalSummary) {
  return {
    latest: pointJson(latest),
    min: pointJson(min),
    max: pointJson(max),
    total: total ?? null,
    share: share ?? null,
  };
}

function pointJson({ at, value }: MetricPoint) {
  return { at: iso(at), value };
}

function iso(moment: number): string {
  return new Date(moment).toISOString();
}
