import { hostname, userInfo } from "node:os";
import { lockedAt, type StateLock } from "@slipway/release-engine";
import { listProcesses } from "../process/process-family.ts";
import { type EarlierRun, isGuard } from "./run-record.ts";

/** What a lock is held against. */
export interface ThisPlace {
  /** What tells this boot of this machine, and this space of process ids, from all others. */
  readonly machine?: string | undefined;
  /** How long a run waits for a lock. */
  readonly lockTimeoutSeconds?: number | undefined;
  /** `person@host`; of this process, unless given. */
  readonly who?: string;
  /** Commands of all processes of this machine. */
  readonly commands?: () => Promise<readonly string[]>;
}

/** Clocks that are set meanwhile; and how long Terraform takes to begin. */
const allowanceMs = { before: 2_000, after: 60_000 };

/**
 * Whether a lock is that of a run of this folder which was killed. A lock names no process, so everything else has to fit:
 *
 * - the folder remembers a run that did not come to its end, on this boot of this machine;
 * - the lock is of this person on this host, and from when that run took its own;
 * - its guard is gone, and no Terraform runs on this machine any more, whoever started it.
 *
 * Where any of it cannot be found out, the lock may be somebody's.
 */
export async function isOfDeadRun(lock: StateLock, run: EarlierRun | undefined, place: ThisPlace): Promise<boolean> {
  const { machine, lockTimeoutSeconds = 60, commands = commandsHere } = place;
  if (run?.machine === undefined || run.machine !== machine || lock.who !== (place.who ?? whoIsHere())) {
    return false;
  }
  const at = lockedAt(lock);
  const latest = run.startedAt + lockTimeoutSeconds * 1_000 + allowanceMs.after;
  if (!(at >= run.startedAt - allowanceMs.before && at <= latest) || isGuard(run.pid)) {
    return false;
  }
  const running = await commands();
  // At the least this very process has to be among them.
  return running.length > 0 && !running.some((command) => /(^|\/)terraform(\s|$)/.test(command));
}

/** As Terraform calls who it runs for. */
function whoIsHere(): string {
  return `${userInfo().username}@${hostname()}`;
}

async function commandsHere(): Promise<readonly string[]> {
  return (await listProcesses()).map(({ command }) => command);
}
