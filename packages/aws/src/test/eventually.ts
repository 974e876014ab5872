import { setTimeout as wait } from "node:timers/promises";

/** Waits until a condition holds, for as long as a process may take to start on a busy machine. */
export async function eventually(what: string, holds: () => boolean): Promise<void> {
  const startedAt = performance.now();
  while (!holds()) {
    if (performance.now() - startedAt > 60_000) {
      throw new Error(`${what}: not within 60 s`);
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
