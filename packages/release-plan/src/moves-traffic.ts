import type { ReleasePlan } from "@slipway/contracts";

/** Whether a release is to have the traffic at its end. A rollback of data alone leaves it where it is. */
export function movesTraffic({ steps }: Pick<ReleasePlan, "steps">): boolean {
  return steps.some(({ kind }) => kind === "traffic.promote" || kind === "traffic.return");
}
