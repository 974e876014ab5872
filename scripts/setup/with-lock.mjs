import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SetupError } from "./setup-error.mjs";

/** A holder touches its lock this often; one that has not for `staleMs` is gone, even if its process id lives on. */
const heartbeatMs = 5_000;
const staleMs = 60_000;

/**
 * Does the work while no other process does it in the same folder.
 *
 * The lock is a file that names its holder. It is taken over from a holder whose process is dead, or that has not
 * touched it for a minute:
 *
 *     holder   create ---- touch ---- touch ---- killed
 *     waiter            wait ...................... | guard, look again, remove, unguard, create
 *
 * The guard (a second file, held for microseconds) keeps two waiters from removing each other's fresh lock.
 *
 * @template T
 * @param {string} path the lock file
 * @param {() => Promise<T>} work
 * @param {{ onWait?: (holder: string) => void, timeoutMs?: number, pollMs?: number }} [options]
 * @returns {Promise<T>}
 * @throws {SetupError} when the lock cannot be written, or is still held after the time-out (15 minutes)
 */
export async function withLock(path, work, options = {}) {
  const { timeoutMs = 15 * 60_000, pollMs = 200 } = options;
  const giveUpAt = Date.now() + timeoutMs;
  let told = false;
  while (!create(path)) {
    const holder = holderOf(path);
    if (holder === undefined) {
      continue; // released in between
    }
    if (isGone(path, holder) && takeAway(path)) {
      continue;
    }
    if (!told) {
      told = true;
      options.onWait?.(`process ${holder.pid}`);
    }
    if (Date.now() > giveUpAt) {
      throw new SetupError({
        what: "Another set-up is still running in this folder",
        why: `process ${holder.pid} on ${holder.host} has held ${path} for too long`,
        next: `end that process, or remove the file: rm ${path}`,
      });
    }
    await sleep(pollMs);
  }
  const heartbeat = setInterval(() => touch(path), heartbeatMs);
  heartbeat.unref();
  const release = () => rmSync(path, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off("exit", release);
    release();
  }
}

/**
 * @param {string} path
 * @returns {boolean} false where the lock exists already
 */
function create(path) {
  const content = JSON.stringify({ pid: process.pid, host: hostname() });
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw notWritable(path, error);
  }
  try {
    writeFileSync(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") {
      return false;
    }
    throw notWritable(path, error);
  }
}

/**
 * @param {string} path
 * @param {unknown} error
 */
function notWritable(path, error) {
  const folder = dirname(path);
  const problem = {
    what: `${folder} is not writable`,
    why: error instanceof Error ? error.message : String(error),
    next: `make it a folder that you may write to: chown -R "$(id -un)" ${folder}`,
  };
  return new SetupError(problem, { cause: error });
}

/**
 * @param {string} path
 * @returns {{ pid: number, host: string } | undefined} undefined where the file is gone by now
 */
function holderOf(path) {
  try {
    const holder = JSON.parse(readFileSync(path, "utf8"));
    return { pid: Number(holder.pid), host: String(holder.host) };
  } catch (error) {
    // Created and not yet written, or cut short by a full disk: the file's age decides.
    return codeOf(error) === "ENOENT" ? undefined : { pid: Number.NaN, host: "" };
  }
}

/**
 * @param {string} path
 * @param {{ pid: number, host: string }} holder
 */
function isGone(path, holder) {
  try {
    if (Date.now() - statSync(path).mtimeMs > staleMs) {
      return true;
    }
  } catch {
    return true;
  }
  // Another machine's process ids (a shared folder, a container) say nothing here: only the heartbeat counts.
  if (Number.isNaN(holder.pid) || holder.host !== hostname()) {
    return false;
  }
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}

/**
 * @param {string} path
 * @returns {boolean} whether the lock may be free now
 */
function takeAway(path) {
  const guard = `${path}.guard`;
  try {
    writeFileSync(guard, "", { flag: "wx" });
  } catch {
    try {
      if (Date.now() - statSync(guard).mtimeMs > heartbeatMs) {
        rmSync(guard, { force: true });
      }
    } catch {
      // gone by itself
    }
    return false;
  }
  try {
    const holder = holderOf(path);
    if (holder !== undefined && isGone(path, holder)) {
      rmSync(path, { force: true });
    }
    return true;
  } finally {
    rmSync(guard, { force: true });
  }
}

/** @param {string} path */
function touch(path) {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // Someone removed the lock by hand, as the message above offers.
  }
}

/**
 * @param {unknown} error
 * @returns {unknown}
 */
function codeOf(error) {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
