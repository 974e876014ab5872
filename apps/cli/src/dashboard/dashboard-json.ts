import { escapeControlsInJson } from "../terminal/escape-controls.ts";
import type { ShownAlarm, ShownWidget, WidgetContent } from "./read-dashboard.ts";
import type { ShownDashboard } from "./render-dashboard.ts";

/** Dashboards as one JSON document; times are ISO 8601 in UTC. */
export function dashboardsJson(
  dashboards: readonly ShownDashboard[],
  place: { readonly environment: string; readonly target: string },
): string {
  return `${escapeControlsInJson(
    JSON.stringify({
      ...{ version: 1, ...place },
      dashboards: dashboards.map(({ name, window, widgets }) => ({
        ...{ name, from: iso(window.from), to: iso(window.to) },
        widgets: widgets.map(widgetJson),
      })),
    }),
  )}\n`;
}

function widgetJson({ content, ...place }: ShownWidget) {
  return { ...place, ...contentJson(content) };
}

function contentJson(content: WidgetContent) {
  switch (content.type) {
    case "metric":
      return {
        ...content,
        ...(content.alarm && { alarm: { ...alarmJson(content.alarm), condition: content.alarm.condition } }),
        series: content.series.map((series) => ({
          ...series,
          points: series.points.map(({ at, value }) => ({ at: iso(at), value })),
        })),
      };
    case "alarm":
      return {
        ...content,
        alarms: content.alarms.map(alarmJson),
      };
    default:
      return content;
  }
}

/** One that is not there has null where others have their state. */
function alarmJson({ name, state, since }: ShownAlarm) {
  return { name, state: state ?? null, since: since === undefined ? null : iso(since) };
}

function iso(moment: number): string {
  return new Date(moment).toISOString();
}
