import { checkpointDueAt, remainingSteps } from "@slipway/release-plan";
import type { Journal } from "./journal.ts";
import type { ReleaseOutcome } from "./release-outcome.ts";

/** Where a release stands, as its ledger tells it. */
export function outcomeOf(
  { plan, record }: Journal,
  {
    stopped,
    setAside = new Set(),
  }: { stopped?: Pick<ReleaseOutcome, "state" | "reason" | "next">; setAside?: ReadonlySet<string> } = {},
): ReleaseOutcome {
  const { state, reason = `it is ${state}` } = record;
  const pending =
    state === "live"
      ? remainingSteps(plan, record).map((step) => ({
          step,
          dueAt: checkpointDueAt(step, record),
          setAside: setAside.has(step.id),
        }))
      : [];
  const stands = { state: state === "running" ? ("paused" as const) : state, reason };
  return { ...(stopped ?? stands), record, pending };
}
