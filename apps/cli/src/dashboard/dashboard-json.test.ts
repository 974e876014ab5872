import { documentProblems } from "@slipway/contracts/documents";
import { expect, it } from "vitest";
import { dashboardsJson } from "./dashboard-json.ts";
import type { ShownAlarm, WidgetContent } from "./read-dashboard.ts";

const SINCE = Date.parse("2026-11-29T03:00:00Z");
const rings: ShownAlarm = { name: "orders-errors", state: "ALARM", since: SINCE };
const isGone: ShownAlarm = { name: "orders-gone", state: undefined };

function jsonOf(...contents: readonly WidgetContent[]) {
  const widgets = contents.map((content, index) => ({ x: 0, y: index * 6, width: 6, height: 6, content }));
  const shown = { name: "orders", target: "AWS", window: { from: SINCE - 3_600_000, to: SINCE }, widgets };
  const text = dashboardsJson([shown], { environment: "prod", target: "AWS" });
  const json = JSON.parse(text) as { dashboards: { widgets: object[] }[] };
  expect(documentProblems(json, ["dashboards-report"])).toEqual([]);
  return json.dashboards[0]?.widgets ?? [];
}

const metric = { type: "metric", view: "timeSeries", series: [], annotations: [], leftAxis: {} } as const;

it("gives alarms with their state and since when, and with null for both where there is none", () => {
  const times = { name: "orders-errors", state: "ALARM", since: "2026-11-29T03:00:00.000Z" };
  const nulls = { name: "orders-gone", state: null, since: null };

  const [list, shown, gone, plain] = jsonOf(
    { type: "alarm", alarms: [rings, isGone] },
    { ...metric, alarm: { ...rings, condition: "Errors > 5" } },
    { ...metric, alarm: { ...isGone, condition: "there is no such alarm" } },
    metric,
  );

  expect(list).toMatchObject({ alarms: [times, nulls] });
  expect(shown).toMatchObject({ alarm: { ...times, condition: "Errors > 5" } });
  expect(gone).toMatchObject({ alarm: { ...nulls, condition: "there is no such alarm" } });
  expect(plain).not.toHaveProperty("alarm");
});
