import type { EnvironmentConfig, IncidentSignal, MeasuredValue, SignalKind, SignalResource } from "@slipway/contracts";
import type { SharePoint } from "./find-share.ts";
import type { FunctionMeasurement, IncidentMeasurements, Rollout, VersionMinute } from "./incident-measurements.ts";

/** What signals are judged by. */
export type SignalConfig = Pick<EnvironmentConfig, "incidents" | "validation">;

export interface SignalContext {
  readonly measurements: IncidentMeasurements;
  readonly config: SignalConfig;
}

/** The value, where it was measured; nothing where it was not: what nobody knows is neither good nor bad. */
export function known<T>(measured: MeasuredValue<T> | null): T | undefined {
  return measured !== null && "value" in measured ? measured.value : undefined;
}

export function signalOf(
  kind: SignalKind,
  resource: SignalResource,
  since: number,
  rest: Omit<IncidentSignal, "id" | "kind" | "resource" | "since"> & { readonly detail?: string },
): IncidentSignal {
  const { detail, ...more } = rest;
  const name = `${kind} ${resource.type} ${resource.name}`;
  return {
    id: detail === undefined ? name : `${name}: ${detail}`,
    ...{ kind, resource, since: new Date(since).toISOString() },
    ...more,
  };
}

/** Percent with the digits that matter: 6.2 for 0.0619. */
export function percentOf(events: number, total: number): number {
  return total === 0 ? 0 : Number(((100 * events) / total).toPrecision(2));
}

/** `version 8 of api-handler-prod`. */
export function rolloutWords({ release, state, versions }: Rollout): string {
  const which = versions.map(({ function: name, version }) => `version ${version} of ${name}`).join(", ");
  return state === "judged"
    ? `it is ${which}, whose canary ${release} judges, and takes back where it is bad`
    : `it was ${which}, which had some of the traffic and has none any more: ${release} was put back`;
}

/** The minutes of the versions that a release tries out, of some functions together; undefined where there is no such release. */
export function triedOut(
  { measurements }: SignalContext,
  functions: readonly FunctionMeasurement[],
): readonly VersionMinute[] | undefined {
  const { rollout } = measurements.operations;
  if (rollout === null) {
    return undefined;
  }
  const minutes = functions.flatMap((each) =>
    each.versions
      .filter(({ version }) =>
        rollout.versions.some((tried) => tried.function === each.name && tried.version === version),
      )
      .flatMap((version) => version.minutes),
  );
  return minutes.length === 0 ? undefined : minutes;
}

/** What is left of a share without those that have another explanation. */
export function without(points: readonly SharePoint[], others: readonly SharePoint[]): readonly SharePoint[] {
  const byMinute = new Map<number, { events: number; total: number }>();
  for (const { at, events, total } of others) {
    const sum = byMinute.get(at) ?? { events: 0, total: 0 };
    byMinute.set(at, { events: sum.events + events, total: sum.total + total });
  }
  return points.map(({ at, events, total }) => {
    const other = byMinute.get(at);
    return other === undefined
      ? { at, events, total }
      : { at, events: Math.max(0, events - other.events), total: Math.max(0, total - other.total) };
  });
}
