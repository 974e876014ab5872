import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { endFamily, familyOf } from "@slipway/aws";
import { ReleaseError, type StateLock, systemClock } from "@slipway/release-engine";

const PROGRAM = join(import.meta.dirname, "../../bin/start.mjs");
const LOOK_EVERY_MS = 50;
const PATIENCE_MS = 120_000;

/**
 * Starts a command of Slipway's, and kills it and all that it has started as soon as it holds the lock of the state: as a machine that goes away.
 *
 * @param readLock the lock that is there now
 * @returns the lock that was left
 * @throws {ReleaseError} when it came to its end, or took no lock in time
 */
export async function dieWithLock(
  { directory, env, port }: { readonly directory: string; readonly env: NodeJS.ProcessEnv; readonly port: number },
  words: readonly string[],
  readLock: () => Promise<StateLock | undefined>,
  signal: AbortSignal,
): Promise<StateLock> {
  const argv = ["--disable-warning=ExperimentalWarning", PROGRAM, ...words, "--port", String(port)];
  const child = spawn(process.execPath, argv, { cwd: directory, env, detached: true, stdio: "ignore" });
  const ended = once(child, "exit");
  const until = systemClock.now() + PATIENCE_MS;
  try {
    while (isAlive(child) && systemClock.now() < until && !signal.aborted) {
      const lock = await readLock();
      if (lock !== undefined) {
        await kill(child);
        await ended;
        // It may have let go of it in that moment.
        const left = await readLock();
        if (left !== undefined) {
          return left;
        }
        break;
      }
      await systemClock.sleep(LOOK_EVERY_MS, signal);
    }
  } finally {
    await kill(child);
  }
  throw new ReleaseError({
    ...{ kind: "failed", what: "No lock was left on the state" },
    why: "it came to its end before it could be killed with one",
    next: "type the same command again",
  });
}

/** What was killed has no exit code, and its number may be another's by now. */
function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

async function kill(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined || !isAlive(child)) {
    return;
  }
  const family = await familyOf(pid);
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
  await endFamily(family);
}
