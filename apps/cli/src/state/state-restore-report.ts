import type { PlanSummary } from "@slipway/contracts";
import type { StateRestorePlan } from "@slipway/release-engine";
import { wrapText } from "../costs/wrap-text.ts";
import { renderPlanSummary } from "../infrastructure/render-plan-summary.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { ONLY_FOR_LOST_STATE } from "./open-state.ts";

/** What became of a restore; without the state itself, which has secrets. */
export interface StateRestoreReport extends Omit<StateRestorePlan, "write" | "lineage"> {
  readonly version: 1;
  readonly environment: string;
  readonly target: string;
  readonly location: string;
  readonly outcome: "planned" | "restored" | "nothing-to-do" | "refused" | "interrupted";
  readonly lineage: string | null;
  /** The version that it was written as. */
  readonly versionId?: string;
  readonly lockedBy?: string;
  /** What Terraform would do now, after a restore; null where it could not be found out. */
  readonly plan?: PlanSummary | null;
  readonly planProblem?: string;
}

/** Addresses that are shown of each kind; all of them are in the JSON document. */
const SHOWN = 30;

/** What a restore would do, for people: before they are asked, and for `--plan`. */
export function renderRestorePlan(report: StateRestoreReport, columns: number): string {
  const { environment, target, from, chosen, present, serial, lineage, isOtherLineage } = report;
  const { forgotten, returning, different } = report;
  const say = (text: string) => `${wrapText(escapeControls(text), columns, "").join("\n")}\n`;
  return [
    say(`The Terraform state of ${environment} on ${target}: ${report.location}`),
    say(`Now: ${presentWords(present)}.`),
    say(
      `Restore: ${from}, serial ${chosen.serial}, ${resources(chosen.resources)}, lineage ${chosen.lineage}. It would be written under serial ${serial}, above every one that is known.`,
    ),
    say(ONLY_FOR_LOST_STATE),
    present.condition === "readable"
      ? say(
          `The present state can be read: if it is not wrong, leave it. To bring back code, infrastructure or data: slipway rollback ${environment}.`,
        )
      : "",
    isOtherLineage
      ? say(`ANOTHER LINEAGE: the state of ${environment} was of ${lineage}. This one was begun apart from it.`)
      : "",
    addresses(
      "Terraform would forget these: they go on to exist, and an apply would try to make them again",
      forgotten,
      columns,
    ),
    addresses("Terraform would believe that these exist, and make them again where they do not", returning, columns),
    addresses("These were made anew in between: Terraform would look for the old ones", different, columns),
    present.condition === "readable" && forgotten.length + returning.length + different.length === 0
      ? say("Both have the same resources; their attributes may differ.")
      : "",
  ].join("");
}

/** How it ended, for people. */
export function renderRestoreEnd(report: StateRestoreReport, flags: string, columns: number): string {
  const { environment, target, outcome, serial, from, versionId, lockedBy, plan, planProblem } = report;
  const say = (text: string) => `${wrapText(escapeControls(text), columns, "").join("\n")}\n`;
  switch (outcome) {
    case "planned":
      return say("Nothing was changed: --plan only shows.");
    case "nothing-to-do":
      return say(`Nothing to do: the present state says what ${from} says.`);
    case "restored":
      return [
        say(
          `The state of ${environment} on ${target} is ${from} again, as serial ${serial}${versionId === undefined ? "" : ` (version ${versionId})`}.`,
        ),
        lockedBy === undefined
          ? ""
          : say(
              `${lockedBy} began Terraform while it was put back, and may write the state from before over it: look again with slipway state list ${environment}${flags}.`,
            ),
        plan === undefined || plan === null
          ? say(
              `What Terraform makes of it is not known: ${planProblem ?? "no plan was made"} Next: slipway plan ${environment}${flags}`,
            )
          : `\n${renderPlanSummary(plan, target, columns)}`,
      ].join("");
    default:
      return say("Nothing was changed.");
  }
}

function presentWords(present: StateRestorePlan["present"]): string {
  switch (present.condition) {
    case "lost":
      return "LOST, nothing is there";
    case "unreadable":
      return `DAMAGED, ${present.problem}`;
    case "readable":
      return `whole, serial ${present.serial}, ${resources(present.resources)}, lineage ${present.lineage}`;
  }
}

function resources(count: number): string {
  return `${count} ${count === 1 ? "resource" : "resources"}`;
}

function addresses(what: string, all: readonly string[], columns: number): string {
  if (all.length === 0) {
    return "";
  }
  return [
    ...wrapText(`${what} (${all.length}):`, columns, ""),
    ...all.slice(0, SHOWN).map((address) => `  ${escapeControls(address)}`),
    ...(all.length > SHOWN ? [`  and ${all.length - SHOWN} more: --output json`] : []),
    "",
  ].join("\n");
}
