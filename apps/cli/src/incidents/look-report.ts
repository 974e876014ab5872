import type { IncidentConfig, IncidentLookReport } from "@slipway/contracts";
import { type IncidentLook, isUnderWay } from "@slipway/release-engine";
import { incidentSummary } from "./incident-summary.ts";
import { nextCommand } from "./incident-words.ts";

export interface LookPlace {
  readonly environment: string;
  readonly target: { readonly label: string; readonly flags: string };
  readonly config: Pick<IncidentConfig, "respondWithinMinutes">;
}

/** What a look has found and done, for programs. */
export function lookReport(look: IncidentLook, { environment, target, config }: LookPlace): IncidentLookReport {
  const { measurements, groups, unknown, incidents, written, outcome } = look;
  const underWay = incidents.filter(isUnderWay);
  // The worst first, and of these who waits for an answer.
  const [first] = underWay.toSorted(
    (left, right) => left.severity - right.severity || Number(right.state === "open") - Number(left.state === "open"),
  );
  const unopened = groups.some(({ incident, signals }) => incident === null && signals.some(({ aside }) => !aside));
  // One that this look has found to be over waits for its post-mortem.
  const over = incidents.find(
    ({ id, state }) =>
      state === "resolved" && written.some(({ record, entry }) => entry !== undefined && record.id === id),
  );
  const next =
    first !== undefined
      ? nextCommand(first, environment, target.flags)
      : unopened
        ? `slipway incident open ${environment} 'TITLE' --severity N --reason 'WHY'${target.flags}`
        : (unknown.find((each) => each.next !== undefined)?.next ??
          (over === undefined ? null : nextCommand(over, environment, target.flags)));
  return {
    ...{ version: 1, environment, target: target.label, now: new Date(measurements.at).toISOString(), outcome },
    groups: groups.map(({ signals, ...group }) => ({ ...group, signals: [...signals] })),
    unknown: unknown.map((each) => ({ ...each })),
    changes: written.flatMap(({ record, entry }) =>
      entry === undefined ? [] : { incident: record.id, what: entry.body.type.replace("incident.", "") },
    ),
    incidents: underWay.map((record) => incidentSummary(record, config, measurements.at)),
    next,
  };
}
