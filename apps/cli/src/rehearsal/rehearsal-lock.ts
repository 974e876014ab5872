import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tryLock } from "@slipway/local-aws";
import { UserError } from "../user-error.ts";

/**
 * Lets one rehearsal at a time work on a data folder. Whoever holds it knows that a lock on Terraform's state is a dead
 * process's and may be broken. It ends with the process, however that ends.
 *
 * @returns gives the lock back
 * @throws UserError when another rehearsal runs
 */
export function lockRehearsal(dataDir: string): () => void {
  // Only for the message: the number means nothing once the lock is free.
  const holderFile = join(dataDir, "rehearsal.pid");
  let unlock: (() => void) | undefined;
  try {
    unlock = tryLock(join(dataDir, "rehearsal.lock.sqlite"));
    if (unlock !== undefined) {
      writeFileSync(holderFile, String(process.pid));
    }
  } catch (cause) {
    unlock?.();
    throw new UserError(
      `The rehearsal's lock in ${dataDir} cannot be written (${(cause as NodeJS.ErrnoException).code}).`,
      { cause },
    );
  }
  if (unlock === undefined) {
    const holder = readOrEmpty(holderFile);
    throw new UserError(
      `Another rehearsal (process ${holder}) works on ${dataDir}. Wait for it, end it with \`kill ${holder}\`, or rehearse beside it with --port N.`,
    );
  }
  const release = unlock;
  return () => {
    rmSync(holderFile, { force: true });
    release();
  };
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
