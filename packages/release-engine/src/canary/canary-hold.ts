import type { CanaryConfig, PlannedStep, ReleasePlan } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";

/** When a canary is looked at. Times are milliseconds since the epoch, and whole minutes: metrics come by the minute. */
export interface CanaryHold {
  /** The beginning of the canary: the first whole minute with both versions. */
  readonly from: number;
  /** Ends of what each look up to now sees, oldest first, those of earlier holds included. */
  readonly earlier: readonly number[];
  /** The same for the looks of this hold. */
  readonly looks: readonly number[];
  /** How many looks are planned in all holds together. */
  readonly planned: number;
  /** When the share of the new version was changed. */
  readonly shifts: readonly number[];
}

const MINUTE_MS = 60_000;

/**
 * The looks of a hold, on a grid that begins with the shift: what a release that was killed has looked at before is known from the plan
 * and the times of its shifts, and so is what it has yet to look at.
 *
 *     shift to 10 %        hold of 5 minutes             shift to 50 %
 *       12:00:20   12:01   :02   :03   :04   :05   :06     12:08:10   12:09 ...
 *                  from    look  look  look  look  look               look ...
 */
export function canaryHold(
  plan: ReleasePlan,
  record: Pick<ReleaseRecord, "steps">,
  step: PlannedStep,
  { lookEverySeconds }: Pick<CanaryConfig, "lookEverySeconds">,
): CanaryHold {
  const everyMs = Math.ceil(lookEverySeconds / 60) * MINUTE_MS;
  const shifts: number[] = [];
  const earlier: number[] = [];
  let looks: number[] = [];
  let planned = 0;
  let isPast = false;
  for (const each of plan.steps) {
    if (each.kind === "traffic.shift" && !isPast) {
      shifts.push(timeOf(record, each.id));
    }
    if (each.kind !== "traffic.judge") {
      continue;
    }
    const holdMs = Math.max(MINUTE_MS, ceilMinute((each.holdSeconds ?? 0) * 1000));
    planned += Math.ceil(holdMs / everyMs);
    if (isPast) {
      continue;
    }
    earlier.push(...looks);
    const begun = ceilMinute(shifts.at(-1) ?? Number.NaN);
    looks = Array.from({ length: Math.ceil(holdMs / everyMs) }, (_, index) =>
      Math.min(begun + (index + 1) * everyMs, begun + holdMs),
    );
    isPast = each.id === step.id;
  }
  const [first = Number.NaN] = shifts;
  return { from: ceilMinute(first), earlier, looks, planned, shifts };
}

/** The step that gave the new versions the share that a step judges. */
export function shiftBefore(plan: ReleasePlan, step: PlannedStep): PlannedStep | undefined {
  const index = plan.steps.findIndex(({ id }) => id === step.id);
  return plan.steps.slice(0, index).findLast(({ kind }) => kind === "traffic.shift");
}

function timeOf({ steps }: Pick<ReleaseRecord, "steps">, id: string): number {
  const time = Date.parse(steps.get(id)?.at ?? "");
  if (Number.isNaN(time)) {
    throw new Error(`The step ${id} is to be judged, and was not done: the plan is in the wrong order`);
  }
  return time;
}

function ceilMinute(milliseconds: number): number {
  return Math.ceil(milliseconds / MINUTE_MS) * MINUTE_MS;
}
