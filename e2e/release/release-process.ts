import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { node22, slipwayProgram } from "../support/repository.ts";
import type { Ran } from "../support/run-program.ts";

/**
 * How a process is killed: it alone, as by a person or by the kernel for want of memory; or with everything that it has started, as when
 * a container or a machine goes.
 */
export type KillKind = "alone" | "with-children";

const TOO_LONG_MS = 900_000;

/** A `slipway` command that runs, and can be stopped in the middle. */
export class ReleaseProcess {
  readonly pid: number;
  readonly startedAt = Date.now();
  /** What came of it; `code` is null where it was killed. */
  readonly ended: Promise<Ran>;
  readonly #child: ChildProcess;
  #stdout = "";
  #stderr = "";

  constructor(words: readonly string[], options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) {
    const program = [node22, "--disable-warning=ExperimentalWarning", slipwayProgram];
    this.#child = spawn(program[0] as string, [...program.slice(1), ...words], {
      ...options,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.pid = this.#child.pid ?? 0;
    this.#child.stdout?.on("data", (chunk: Buffer) => {
      this.#stdout += chunk.toString("utf8");
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#stderr += chunk.toString("utf8");
    });
    const killAtExit = () => this.kill("with-children");
    process.once("exit", killAtExit);
    this.ended = this.#end().finally(() => process.off("exit", killAtExit));
  }

  /** What it has said so far. */
  get said(): string {
    return `${this.#stdout}\n${this.#stderr}`;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  kill(kind: KillKind): void {
    const pids = kind === "alone" ? [this.pid] : [this.pid, ...descendantsOf(this.pid)];
    for (const pid of pids) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // it has just ended
      }
    }
  }

  async #end(): Promise<Ran> {
    let wasTooLong = false;
    const tooLong = setTimeout(() => {
      wasTooLong = true;
      this.kill("with-children");
    }, TOO_LONG_MS);
    // `exit`, and not `close`: what a killed process has started may hold its pipes open.
    const [code] = (await once(this.#child, "exit")) as [number | null];
    clearTimeout(tooLong);
    if (code !== null) {
      await Promise.race([once(this.#child, "close"), new Promise((resolve) => setTimeout(resolve, 1_000))]);
    }
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    if (wasTooLong) {
      // Not one that was killed on purpose: it hung.
      throw new Error(`it had not ended after ${TOO_LONG_MS / 1_000} s:\n${this.said}`);
    }
    return { code, stdout: this.#stdout, stderr: this.#stderr };
  }
}

interface ProcessLine {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly isZombie: boolean;
}

/** All processes of this machine, from /proc. */
export function processes(): readonly ProcessLine[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // "12 (name) S 1 ...": the name may hold anything, the state and the parent stand after its last bracket.
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const [state = "", parent = "0"] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
        const cwd = readlinkSync(`/proc/${name}/cwd`);
        return [
          {
            pid: Number(name),
            parent: Number(parent),
            command: `${command} (in ${cwd})`,
            isZombie: /[ZX]/.test(state),
          },
        ];
      } catch {
        return [];
      }
    });
}

/** Everything that a process has started, and that they have started. */
export function descendantsOf(pid: number, all = processes()): number[] {
  const children = all.filter(({ parent }) => parent === pid).map((line) => line.pid);
  return [...children, ...children.flatMap((child) => descendantsOf(child, all))];
}
