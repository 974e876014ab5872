import { setTimeout as wait } from "node:timers/promises";

/** Waits until a condition holds; fails after a minute. */
export async function eventually(what: string, holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 20) {
    if (waited > 60_000) {
      throw new Error(`${what}: not within a minute`);
    }
    await wait(20);
  }
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
