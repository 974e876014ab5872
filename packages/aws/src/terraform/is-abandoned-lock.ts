import type { StateLock } from "@slipway/release-engine";
import { isOfDeadRun } from "./is-of-dead-run.ts";
import { RunRecord } from "./run-record.ts";

/**
 * Whether a lock was left behind by a Terraform that this machine has run in a folder, and that was killed.
 *
 * @param directory of the root module
 * @param machine what tells this boot of this machine, and this space of process ids, from all others
 * @returns undefined where nobody knows: it may be somebody else's, on another machine
 */
export async function isAbandonedLock(
  lock: StateLock,
  directory: string,
  machine: string | undefined,
): Promise<true | undefined> {
  const isDead = await isOfDeadRun(lock, new RunRecord(directory, machine).read(), { machine });
  return isDead ? true : undefined;
}
