import { type IncidentConfig, type Severity, severities } from "@slipway/contracts";
import type { IncidentRecord } from "../incident-record.ts";

/** How people's answer to an incident stands. Times are ISO times on the target's clock. */
export interface ResponseClock {
  /**
   * `due`: somebody has to acknowledge it until `dueAt`; `overdue`: nobody has; `escalated`: nobody has, and others were told; `acknowledged`;
   * `stopped`: it is over, and nobody is asked any more.
   */
  readonly state: "due" | "overdue" | "escalated" | "acknowledged" | "stopped";
  /** Until when somebody had to acknowledge it, as it is now; of one that was acknowledged, too. */
  readonly dueAt: string;
  /** By how much it was too late, or is, in milliseconds; 0 in time. */
  readonly lateMs: number;
  /** Until it is due, in milliseconds; 0 from then on. */
  readonly leftMs: number;
  readonly acknowledgedAt?: string;
  readonly acknowledgedBy?: string;
  /** How many escalations there have to be by now, and when the last of these was due: one at `dueAt`, and one each period later. */
  readonly escalationsDue: number;
  readonly escalationDueAt?: string;
  /** When the next one is due; absent where nobody is asked. */
  readonly nextEscalationAt?: string;
}

const periods: Readonly<Record<Severity, keyof IncidentConfig["respondWithinMinutes"]>> = {
  1: "critical",
  2: "high",
  3: "medium",
  4: "low",
};

/** Milliseconds within which somebody has to acknowledge an incident of that severity. */
export function responsePeriodMs(severity: Severity, config: Pick<IncidentConfig, "respondWithinMinutes">): number {
  return config.respondWithinMinutes[periods[severity]] * 60_000;
}

/**
 * How the clock of an incident stands, from what the ledger says and the time alone: it goes on whoever was killed.
 *
 * ```
 * opened ── period of its severity ── dueAt: level 1 ── the same again ── level 2 ── ... until somebody acknowledges it
 *    └── worse before that: its shorter period begins then, and what was due before remains due
 * worse than what was acknowledged, or back after it was resolved: begins anew
 * ```
 *
 * @param now milliseconds since the epoch, on the target's clock
 */
export function responseClock(
  record: Pick<
    IncidentRecord,
    "state" | "severity" | "response" | "openedAt" | "resolution" | "closedAt" | "escalations"
  >,
  config: Pick<IncidentConfig, "respondWithinMinutes">,
  now: number,
): ResponseClock {
  const { state, severity, response, openedAt } = record;
  const { answered } = response;
  // What had to be answered was what it was then.
  const asked = answered?.severity ?? severity;
  const due = Math.min(
    ...severities
      .filter((each) => each >= asked)
      .map((each) => Date.parse(response.since[each] ?? openedAt) + responsePeriodMs(each, config)),
  );
  const overAt = record.resolution?.at ?? record.closedAt;
  const until = answered !== undefined ? Date.parse(answered.at) : overAt !== undefined ? Date.parse(overAt) : now;
  const clock = {
    ...{ dueAt: iso(due), lateMs: Math.max(0, until - due), leftMs: Math.max(0, due - now), escalationsDue: 0 },
    ...(answered && { acknowledgedAt: answered.at, acknowledgedBy: answered.by }),
  };
  if (state === "resolved" || state === "closed") {
    return { ...clock, state: "stopped", leftMs: 0 };
  }
  if (state === "acknowledged") {
    return { ...clock, state: "acknowledged", leftMs: 0 };
  }
  const period = responsePeriodMs(severity, config);
  const level = now < due ? 0 : 1 + Math.floor((now - due) / period);
  const next = { nextEscalationAt: iso(due + level * period) };
  if (level === 0) {
    return { ...clock, state: "due", ...next };
  }
  const isTold = record.escalations > 0;
  return {
    ...{ ...clock, state: isTold ? "escalated" : "overdue", ...next },
    ...{ escalationsDue: level, escalationDueAt: iso(due + (level - 1) * period) },
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
