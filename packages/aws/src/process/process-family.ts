import { execFile } from "node:child_process";

/** A process, and what tells it from a later one with the same number. */
export interface FamilyMember {
  readonly pid: number;
  readonly command: string;
}

/** Everything that a process has started, and what that has started, whatever groups they are in. Empty where `ps` cannot tell. */
export async function familyOf(pid: number): Promise<readonly FamilyMember[]> {
  const all = await listProcesses();
  const family: FamilyMember[] = [];
  const parents = new Set([pid]);
  for (let found = true; found; ) {
    found = false;
    for (const each of all) {
      if (parents.has(each.parent) && !parents.has(each.pid)) {
        parents.add(each.pid);
        family.push({ pid: each.pid, command: each.command });
        found = true;
      }
    }
  }
  return family;
}

/** Kills those that still run. */
export async function endFamily(family: readonly FamilyMember[]): Promise<void> {
  if (family.length === 0) {
    return;
  }
  const running = new Map((await listProcesses()).map(({ pid, command }) => [pid, command]));
  for (const { pid, command } of family) {
    if (running.get(pid) === command) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has just ended.
      }
    }
  }
}

/** All processes of this machine that can be seen; none where `ps` cannot tell. */
export function listProcesses(): Promise<{ pid: number; parent: number; command: string }[]> {
  return new Promise((resolve) => {
    execFile("ps", ["-A", "-o", "pid=,ppid=,args="], { maxBuffer: 16 * 1024 * 1024 }, (_error, stdout) => {
      const lines = stdout.split("\n").flatMap((line) => {
        const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
        return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
      });
      resolve(lines);
    });
  });
}
