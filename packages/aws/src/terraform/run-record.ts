import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ReleaseError, systemClock, waitUntil } from "@slipway/release-engine";

const timeoutMs = 600_000;

/** A run of Terraform in a folder, as the folder remembers it. */
export interface EarlierRun {
  /** Of the guard that stands between Slipway and Terraform, and ends with it. */
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly machine?: string | undefined;
}

/**
 * Remembers which process changes a root module, so that a run which was killed is not overtaken by the next one while its
 * Terraform is still ending: the state's lock does not say whether its holder is alive.
 */
export class RunRecord {
  readonly #file: string;
  readonly #machine: string | undefined;

  /** @param machine what tells this boot of this machine, and this space of process ids, from all others */
  constructor(directory: string, machine?: string) {
    this.#file = join(directory, ".terraform/slipway-run.json");
    this.#machine = machine;
  }

  write(pid: number): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    const run: EarlierRun = {
      pid,
      startedAt: Date.now(),
      ...(this.#machine !== undefined && { machine: this.#machine }),
    };
    writeFileSync(this.#file, JSON.stringify(run));
  }

  /** A run that has not come to its end: it goes on, or was killed. */
  read(): EarlierRun | undefined {
    try {
      const { pid, startedAt, machine } = JSON.parse(readFileSync(this.#file, "utf8")) as Partial<EarlierRun>;
      return typeof pid === "number" && typeof startedAt === "number" ? { pid, startedAt, machine } : undefined;
    } catch {
      // None, or one that was killed while it wrote this.
      return undefined;
    }
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
    const pid = this.read()?.pid;
    return pid !== undefined && isGuard(pid) ? pid : undefined;
  }
}

/** Whether a process is there, and is one of ours: numbers are given again. */
export function isGuard(pid: number): boolean {
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
