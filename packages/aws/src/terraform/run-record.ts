import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ReleaseError, systemClock, waitUntil } from "@slipway/release-engine";

const timeoutMs = 600_000;

/**
 * Remembers which process changes a root module, so that a run which was killed is not overtaken by the next one while its
 * Terraform is still ending: the state's lock does not say whether its holder is alive.
 */
export class RunRecord {
  readonly #file: string;

  constructor(directory: string) {
    this.#file = join(directory, ".terraform/slipway-run.pid");
  }

  write(pid: number): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, String(pid));
  }

  clear(): void {
    rmSync(this.#file, { force: true });
  }

  /**
   * Waits until an earlier run's Terraform has ended.
   *
   * @throws {ReleaseError} `timeout` when it does not, `interrupted` when asked to stop
   */
  async waitForEarlier(onLine: (text: string) => void, signal?: AbortSignal): Promise<void> {
    const pid = this.#earlier();
    if (pid === undefined) {
      return;
    }
    onLine(`waiting for the Terraform of an earlier run to end (process ${pid})`);
    try {
      await waitUntil(systemClock, {
        what: "the Terraform of an earlier run",
        timeoutMs,
        look: async () => this.#earlier(),
        isOver: (seen) => seen !== pid,
        signal,
      });
    } catch (error) {
      if (error instanceof ReleaseError && error.kind === "timeout") {
        const next = `kill ${pid} interrupts it as Ctrl-C does; then type the same command again`;
        throw new ReleaseError({ kind: "timeout", what: error.what, why: error.why, next }, { cause: error });
      }
      throw error;
    }
  }

  #earlier(): number | undefined {
    try {
      const pid = Number(readFileSync(this.#file, "utf8"));
      return isGuard(pid) ? pid : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Whether a process is there, and is one of ours: numbers are given again. */
function isGuard(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("guard.mjs");
  } catch {
    // No /proc, as on macOS: to wait for a stranger is better than to overtake one of ours.
    return true;
  }
}
