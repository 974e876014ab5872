import type { ActionKind } from "@slipway/contracts";
import type { IncidentAction } from "./incident-record.ts";

/** What helps nobody by itself. */
const NO_HELP: ReadonlySet<ActionKind> = new Set(["wait", "look"]);

/** Whether an action was done that can have mitigated an incident: to wait, or to look, does not. */
export function hasHelped({ state, kind }: Pick<IncidentAction, "state" | "kind">): boolean {
  return state === "done" && !NO_HELP.has(kind);
}
