import { readFileSync } from "node:fs";

/** True when no process with that id is at work; one that has ended and only waits to be buried counts as gone. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  try {
    // "12 (name) Z ...": the name may hold anything, the state stands after its last bracket.
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    // no /proc on this system, or gone at this moment
    return false;
  }
}
