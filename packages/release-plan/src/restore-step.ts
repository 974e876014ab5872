import type { PlannedStep, StepKind } from "@slipway/contracts";
import type { ReleaseProgress } from "./release-progress.ts";

/** The one step of putting a release back. It is in no plan of a release: nobody means to take it. */
export const restoreStep: PlannedStep = {
  id: "traffic.restore",
  kind: "traffic.restore",
  title: "put the traffic back to the versions before",
  guide: "Rollback Procedures, Scenario 1: Lambda Code Issues",
  undo: "The versions that it takes the traffic from stay: a new release of the same commit sends it there again.",
};

/** Steps that look at the traffic, and leave it where it is. */
const onlyLook: ReadonlySet<StepKind> = new Set(["traffic.judge", "traffic.verify"]);

/** Whether a release may have moved traffic: what was begun may have been done, even where its end was never written down. */
export function hasMovedTraffic({ steps }: ReleaseProgress): boolean {
  return [...steps.values()].some(({ kind }) => kind.startsWith("traffic.") && !onlyLook.has(kind));
}
