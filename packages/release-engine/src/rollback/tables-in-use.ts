import type { RollsBack } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { restoreInForce } from "./restore-in-force.ts";

/**
 * Which tables are in use, by the variable that Terraform is told by, where a release's own files may not say so: a table was restored and
 * switched to by that release or a later one, and the file that says so is committed after it, if at all. Without these, a plan of its
 * files would put the table before in the place of the one that users write to.
 *
 * @returns undefined where no such restore is in force
 */
export function tablesInUse(records: readonly ReleaseRecord[], target: ReleaseRecord): RollsBack["tablesInUse"] {
  const entries = records.slice(records.findIndex(({ id }) => id === target.id)).flatMap((each) => {
    const restore = restoreInForce(each);
    return restore === undefined
      ? []
      : [[restore.variable, { name: restore.restored, former: restore.table }] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
