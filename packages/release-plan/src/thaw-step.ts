import type { PlannedStep } from "@slipway/contracts";
import type { ReleaseProgress } from "./release-progress.ts";

/**
 * What a restore that goes back does about the table that it was to take the place of. Like putting the traffic back it is in no plan of
 * a release.
 */
export const thawStep: PlannedStep = {
  id: "data.thaw",
  kind: "data.thaw",
  title: "give the table back that was to be replaced",
  guide: "Rollback Procedures, Scenario 3: Database Issues",
  undo: "The restored table is left behind: it can be deleted, or looked at.",
};

const ofRestore: ReadonlySet<string> = new Set([
  "data.freeze",
  "data.restore",
  "data.settings",
  "data.adopt",
  "data.retire",
]);

/** Whether anything of a restore was begun: a frozen table takes no writes, and Terraform may have the other one. */
export function needsThawing({ steps }: ReleaseProgress): boolean {
  return [...steps.values()].some(({ kind }) => ofRestore.has(kind));
}
