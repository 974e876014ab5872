import type { LedgerEntry, RollbackPart } from "@slipway/contracts";
import { releases } from "../../ledger/releases.ts";
import type { IncidentAction } from "../incident-record.ts";
import type { ActionEnd } from "./mitigate-incident.ts";

const PARTS: Readonly<Record<string, RollbackPart>> = {
  ...{
    "rollback-code": "code",
    "rollback-infrastructure": "infrastructure",
    "undo-data": "data",
    "restore-data": "data",
  },
};

/**
 * What the ledger's releases say of an action that was begun by a process that has not come to write down its end: a way back that has
 * ended since. Undefined where there is none; then the same is to be done again.
 */
export function endInLedger(action: IncidentAction, entries: readonly LedgerEntry[]): ActionEnd | undefined {
  const part = PARTS[action.kind];
  const since = Date.parse(action.startedAt);
  if (part === undefined) {
    return undefined;
  }
  const ended = releases(entries).findLast(({ state, endedAt, plan }) => {
    const isSince = endedAt !== undefined && Date.parse(endedAt) >= since;
    const isBack = (state === "put-back" && part === "code") || plan.rollsBack?.parts.includes(part) === true;
    return isSince && isBack && state !== "failed";
  });
  return ended === undefined
    ? undefined
    : {
        outcome: "done",
        found: `${ended.id} is ${ended.state}: ${ended.reason ?? "it has ended"}; its end was written down by its release`,
        release: ended.id,
      };
}
