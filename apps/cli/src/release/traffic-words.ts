import { type MovedAlias, type StepResult, stepResultSchemas } from "@slipway/contracts";
import type { ReleaseRecord, StepRecord } from "@slipway/release-engine";

type TrafficKind = "traffic.shift" | "traffic.promote" | "traffic.return" | "traffic.restore";

const KINDS: ReadonlySet<string> = new Set<TrafficKind>([
  "traffic.shift",
  "traffic.promote",
  "traffic.return",
  "traffic.restore",
]);

/** Where the traffic of a release is, in a sentence: what somebody has to know who finds it stopped. */
export function trafficWords({ steps }: Pick<ReleaseRecord, "steps">): string {
  const moves = [...steps.values()].filter(({ kind }) => KINDS.has(kind));
  const last = moves.at(-1);
  if (last === undefined) {
    return "No traffic was moved: all of it goes where it went before.";
  }
  if (last.state !== "done" && last.state !== "nothing-to-do") {
    const before = moves.filter(isOver).at(-1);
    const until = before === undefined ? "No traffic had been moved." : wordsOf(before);
    return `It stopped in the middle of ${last.id}, so part of the traffic may have moved. Before that: ${until}`;
  }
  return wordsOf(last);
}

function wordsOf(step: StepRecord): string {
  const result = stepResultSchemas[step.kind as TrafficKind].safeParse(step.result);
  if (!result.success) {
    return `${step.id} was done.`;
  }
  const { percent, functions } = result.data as StepResult<TrafficKind>;
  const each = functions.map((moved) => words(moved, percent, step.kind === "traffic.restore")).join("; ");
  return `${each.charAt(0).toUpperCase()}${each.slice(1)}.`;
}

function words({ functionName, from, to }: MovedAlias, percent: number, isRestored: boolean): string {
  if (isRestored || percent >= 100) {
    return `all of the traffic of ${functionName} goes to version ${to}`;
  }
  return `${percent} % of the traffic of ${functionName} goes to version ${to}, the rest to version ${from}`;
}

function isOver({ state }: StepRecord): boolean {
  return state === "done" || state === "nothing-to-do";
}
