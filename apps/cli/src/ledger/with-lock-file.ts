import { closeSync, openSync, rmSync, statSync } from "node:fs";

/** What is done under it takes moments: who has left a lock for longer is dead. */
const STALE_MS = 5_000;
const PAUSE_MS = 50;

/**
 * Does something that takes moments while no other process of this machine does it, by a file beside it. Loading what makes a lock that ends
 * with its process would take longer than all of it.
 *
 * @param waitMs how long another one is waited for; it is known to be dead after five seconds
 * @throws the file system's error `EEXIST` when another one is still at it
 */
export function withLockFile<T>(lock: string, waitMs: number, work: () => T): T {
  const until = Date.now() + waitMs;
  for (;;) {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > STALE_MS) {
      rmSync(lock, { force: true });
    }
    try {
      closeSync(openSync(lock, "wx", 0o600));
      break;
    } catch (error) {
      if (!(error instanceof Error) || !("code" in error) || error.code !== "EEXIST" || Date.now() >= until) {
        throw error;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}
