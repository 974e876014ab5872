import type { TableRestore } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";

/** A restore whose table has taken the place of another one. */
export type SwitchedRestore = TableRestore & { readonly variable: string };

/** What a release has restored and switched to, where that was not put back: the restored table is the one in use. */
export function restoreInForce({ state, plan }: Pick<ReleaseRecord, "state" | "plan">): SwitchedRestore | undefined {
  const restore = plan.rollsBack?.restore;
  const isInForce = state === "live" || state === "superseded";
  return isInForce && restore?.variable !== undefined ? { ...restore, variable: restore.variable } : undefined;
}
