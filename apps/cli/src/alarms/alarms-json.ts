import { escapeControlsInJson } from "../terminal/escape-controls.ts";
import type { AlarmsReport } from "./alarms-report.ts";

/** The report as one JSON document; times are ISO 8601 in UTC. */
export function alarmsJson({ environment, target, now, alarms, counts, missing, history }: AlarmsReport): string {
  const iso = (moment: number) => new Date(moment).toISOString();
  return `${escapeControlsInJson(
    JSON.stringify({
      ...{ version: 1, environment, target, now: iso(now) },
      alarms: alarms.map(({ since, childStates, children: _children, ...alarm }) => ({
        ...alarm,
        since: iso(since),
        runbook: /\bRunbook:\s*(\S+)/.exec(alarm.description ?? "")?.[1] ?? null,
        children: childStates.map(({ name, state }) => ({ name, state: state ?? null })),
      })),
      counts,
      missing,
      ...(history === undefined ? {} : { history: history.map((event) => ({ ...event, at: iso(event.at) })) }),
    }),
  )}\n`;
}
