import { expect, test } from "vitest";
import { glyphsFor } from "../charts/glyphs.ts";
import type { MetricsReport, ReadSignal } from "./read-signals.ts";
import { renderOverview, renderOverviewTable } from "./render-metrics.ts";
import { renderCharts, renderTable } from "./render-signals.ts";

const at = (time: string) => Date.parse(`2026-11-28T${time}Z`);
const point = { at: at("09:54:00"), value: 3 };
const calls: ReadSignal = {
  ...{ of: "function api", name: "calls", topics: [], statistic: "Sum", unit: "count", isOptional: false },
  metric: { namespace: "AWS/Lambda", name: "Invocations", dimensions: { FunctionName: "api" } },
  points: [point],
  summary: { latest: point, min: point, max: point, total: 3 },
};
const report: MetricsReport = {
  ...{ environment: "prod", target: "AWS", periodSeconds: 60, now: at("09:54:08"), signals: [calls] },
  window: { from: at("09:50:00"), to: at("09:54:08") },
};
const look = { glyphs: glyphsFor({}), columns: 80 };
const NOTE = "The last period, from 09:54Z, is not over yet.\n";

test("charts keep within the terminal, whatever a metric is called", () => {
  const dimensions = { ApiName: "orders-prod", Method: "DELETE", Resource: "/orders/{id}", Stage: "production" };
  const of = `AWS/ApiGateway, ${Object.entries(dimensions)
    .map((each) => each.join("="))
    .join(", ")}`;
  const text = renderCharts({ ...report, signals: [{ ...calls, of, metric: { ...calls.metric, dimensions } }] }, look);
  expect(of.length).toBeGreaterThan(80);
  expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(text.replaceAll(/\s+/g, " ")).toContain(`${of}: calls`);
});

test("an overview does not pass off an old value as one of now", () => {
  const later = { ...report, window: { from: at("09:50:00"), to: at("09:58:01") }, now: at("09:58:01") };
  expect(renderOverview(later, look)).toMatch(/^ {2}calls .* 3\* +3 +3 +3$[\s\S]*^\* is not of now: /m);
  expect(renderOverviewTable(later)).toMatch(/^function api +calls +3\* +3 +3 +3$[\s\S]*^\* is not of now: /m);
  // CloudWatch shows a minute with some delay.
  const soon = { ...later, window: { ...later.window, to: at("09:58:00") } };
  expect(renderOverview(soon, look)).not.toContain("*");
  expect(renderOverviewTable(soon)).not.toContain("*");
});

test.each([
  ["overview", (given: MetricsReport) => renderOverview(given, look)],
  ["overview in a file", renderOverviewTable],
  ["charts", (given: MetricsReport) => renderCharts(given, look)],
  ["table", renderTable],
])("%s: says so when the latest value is of a period that goes on", (_form, render) => {
  expect(render(report)).toContain(NOTE);
  // Over, or nothing was seen in it.
  expect(render({ ...report, now: at("09:55:00") })).not.toContain(NOTE);
  expect(render({ ...report, window: { from: at("09:50:00"), to: at("09:56:08") } })).not.toContain(NOTE);
});
