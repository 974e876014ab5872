import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "@slipway/local-aws";
import { UserError } from "../user-error.ts";

/**
 * Lets one rehearsal at a time work on a data folder. Whoever holds it knows that a lock on Terraform's state is a dead
 * process's and may be broken.
 *
 * @returns gives the lock back
 * @throws UserError when another rehearsal runs
 */
export function lockRehearsal(dataDir: string): () => void {
  const file = join(dataDir, "rehearsal.pid");
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      return () => rmSync(file, { force: true });
    } catch (error) {
      const holder = Number(readOrEmpty(file));
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || attempt > 0 || (holder > 0 && isAlive(holder))) {
        throw new UserError(
          holder > 0
            ? `Another rehearsal (process ${holder}) works on ${dataDir}. Wait for it, end it with \`kill ${holder}\`, or rehearse beside it with --port N.`
            : `The rehearsal's lock ${file} cannot be written (${(error as NodeJS.ErrnoException).code}).`,
          { cause: error },
        );
      }
      rmSync(file, { force: true });
    }
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
