import type { HeadIncidents, LedgerEntry } from "@slipway/contracts";

/** What is older has no way back that would be worth a place in every write. */
const MOST_RECENT = 10;

/**
 * What the head says of incidents once an entry is written. It is written with it, both or neither, so it says what the entries say; they
 * are many, and whoever asks how an environment is waits for the answer.
 */
export function headIncidents(
  before: HeadIncidents | undefined,
  { at, sequence, body }: LedgerEntry,
): HeadIncidents | undefined {
  if (body.type === "incident.opened") {
    const { incident, title, severity } = body;
    const recent = Object.entries(before?.recent ?? {}).toSorted(([, left], [, right]) => left - right);
    return {
      open: { ...before?.open, [incident]: sequence },
      recent: { ...Object.fromEntries(recent.slice(1 - MOST_RECENT)), [incident]: sequence },
      last: { incident, title, severity, state: "open", openedAt: at },
    };
  }
  if (before === undefined || !("incident" in body) || body.incident === undefined) {
    return before;
  }
  const { incident } = body;
  const { [incident]: _, ...others } = before.open;
  const { overAt: __, ...last } = before.last;
  const withLast = (change: Partial<HeadIncidents["last"]>) =>
    incident === last.incident ? { ...before.last, ...change } : before.last;
  switch (body.type) {
    case "incident.classified":
      return { ...before, last: withLast({ severity: body.severity }) };
    case "incident.resolved":
      return { ...before, open: others, last: withLast({ state: "resolved", overAt: at }) };
    case "incident.closed":
      return { ...before, open: others, last: withLast({ state: "closed" }) };
    case "incident.reopened": {
      const from = before.open[incident] ?? before.recent[incident] ?? 1;
      return {
        ...before,
        open: { ...before.open, [incident]: from },
        last: incident === last.incident ? { ...last, state: "open" } : before.last,
      };
    }
    default:
      return before;
  }
}
