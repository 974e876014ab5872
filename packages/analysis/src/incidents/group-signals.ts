import type { IncidentSignal, SignalKind } from "@slipway/contracts";
import { type Dependencies, nodeOf } from "./incident-measurements.ts";
import { needsOf } from "./needs-of.ts";

/** What an incident can be about. Backups, what watches, and what somebody has begun, are causes of their own: no traffic comes of them. */
export type IncidentTopic = "service" | "backups" | "monitoring" | "operations";

/** Signals of one cause. */
export interface SignalGroup {
  readonly topic: IncidentTopic;
  readonly signals: readonly IncidentSignal[];
}

/** What began so far apart has one cause only at the same thing: a leak may take its hours, and has a name in the end. */
const TOGETHER_MS = 60 * 60_000;

export function topicOf(kind: SignalKind): IncidentTopic {
  if (kind === "backup") {
    return "backups";
  }
  return kind === "monitoring" || kind === "operations" ? kind : "service";
}

/**
 * Which signals have one cause, as far as that can be told: those at the same thing, and those at things of which one needs the other that
 * began about the same time. An API with two functions has one cause where both fail with it; two APIs that share nothing have two.
 *
 * @param dependencies of things and alarms, as the Terraform state has them
 */
export function groupSignals(signals: readonly IncidentSignal[], dependencies: Dependencies): SignalGroup[] {
  const groups: IncidentSignal[][] = [];
  for (const signal of signals) {
    const mine = groups.filter((group) => group.some((other) => haveOneCause(signal, other, dependencies)));
    const [first] = mine;
    if (first === undefined) {
      groups.push([signal]);
      continue;
    }
    // It joins what nothing has joined before.
    for (const other of mine.slice(1)) {
      first.push(...other);
      groups.splice(groups.indexOf(other), 1);
    }
    first.push(signal);
  }
  return groups.map((group) => ({ topic: topicOf(group[0]?.kind ?? "alarm"), signals: group }));
}

/** Whether two signals have one cause, as far as can be told from where and when they are. */
export function haveOneCause(
  left: Pick<IncidentSignal, "kind" | "resource" | "since">,
  right: Pick<IncidentSignal, "kind" | "resource" | "since">,
  dependencies: Dependencies,
): boolean {
  const topic = topicOf(left.kind);
  if (topic !== topicOf(right.kind)) {
    return false;
  }
  if (topic !== "service") {
    return true;
  }
  const [own, others] = [nodesOf(left, dependencies), nodesOf(right, dependencies)];
  const isSame = own.some((node) => others.includes(node));
  const areNear = Math.abs(Date.parse(left.since) - Date.parse(right.since)) <= TOGETHER_MS;
  // What is said of everything together belongs to whatever is wrong then.
  const isOfAll = own.length === 0 || others.length === 0;
  const isNeeded = () =>
    own.some((node) => hasAny(needsOf(dependencies, node), others)) ||
    others.some((node) => hasAny(needsOf(dependencies, node), own));
  return isSame || (areNear && (isOfAll || isNeeded()));
}

/** What a signal is about: of an alarm what it looks at. */
function nodesOf({ resource }: Pick<IncidentSignal, "resource">, dependencies: Dependencies): readonly string[] {
  const node = nodeOf(resource);
  if (resource.type === "alarm") {
    return dependencies[node] ?? [];
  }
  return resource.type === "environment" ? [] : [node];
}

function hasAny(set: ReadonlySet<string>, nodes: readonly string[]): boolean {
  return nodes.some((node) => set.has(node));
}
