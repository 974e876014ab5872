import { type ChildProcess, spawn } from "node:child_process";

/**
 * Kills what local AWS started when local AWS itself is killed, even with a signal that it cannot catch: a shell of a few
 * hundred kilobytes in a session of its own, which learns process groups over a pipe. When the pipe ends, whatever the reason,
 * it kills every group that it still knows, and exits. A function in a busy loop cannot keep it from doing so.
 */
export interface Reaper {
  /** Kill this process group when local AWS ends. */
  watch(groupId: number): void;
  /** The group is gone: its number may be given to somebody else. */
  forget(groupId: number): void;
  /** Ends the reaper, which kills what is left. */
  close(): void;
}

const SCRIPT = `
trap '' HUP INT TERM
groups=''
while read -r what group; do
  case $what in
    watch) groups="$groups $group" ;;
    forget)
      kept=''
      for known in $groups; do
        [ "$known" = "$group" ] || kept="$kept $known"
      done
      groups=$kept ;;
  esac
done
for group in $groups; do
  kill -s KILL -- "-$group" 2>/dev/null
done
`;

/** Makes a {@link Reaper}; its process starts with the first group. */
export function createReaper(): Reaper {
  const groups = new Set<number>();
  let shell: ChildProcess | undefined;
  let closed = false;

  const tell = (line: string) => {
    shell?.stdin?.write(`${line}\n`);
  };
  const start = () => {
    const started = spawn("/bin/sh", ["-c", SCRIPT], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
      cwd: "/",
      env: {},
    });
    shell = started;
    // Losing the reaper (somebody killed it) is repaired by the next one, not by failing requests.
    started.stdin?.on("error", () => {});
    started.on("error", () => {});
    started.on("exit", () => {
      if (shell === started) {
        shell = undefined;
        if (!closed && groups.size > 0) {
          start();
        }
      }
    });
    started.unref();
    // The types do not know that a pipe of a child is a socket.
    (started.stdin as unknown as { unref?: () => void })?.unref?.();
    for (const group of groups) {
      tell(`watch ${group}`);
    }
  };

  return {
    watch(groupId) {
      groups.add(groupId);
      if (shell === undefined) {
        start();
      } else {
        tell(`watch ${groupId}`);
      }
    },
    forget(groupId) {
      if (groups.delete(groupId)) {
        tell(`forget ${groupId}`);
      }
    },
    close() {
      closed = true;
      shell?.stdin?.end();
    },
  };
}
