import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import {
  assertNotInterrupted,
  ReleaseError,
  type TerraformCode,
  type TerraformCodeVerdict,
} from "@slipway/release-engine";
import { type ProcessResult, runProcess } from "../process/run-process.ts";
import { terraformEnvironment } from "./terraform-environment.ts";

export interface TerraformCodeOptions {
  /** Path of the `terraform` program. */
  readonly binary: string;
  readonly env: NodeJS.ProcessEnv;
  /** A folder with providers (`-plugin-dir`). */
  readonly pluginDir?: string;
  /** Absolute path of the repository. */
  readonly repository: string;
  /** Folders below it: everything that Terraform reads, and the root module. */
  readonly infrastructure: string;
  readonly directory: string;
}

/** What `fmt -check` ends with where something is not formatted. */
const NOT_FORMATTED = 3;
const NOT_STARTED = 127;
const KILL_AFTER_MS = 5_000;

interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail?: string;
  readonly range?: { readonly filename: string; readonly start: { readonly line: number } };
}

/** Terraform's own checks of code, by its command line. */
export class TerraformCodeChecks implements TerraformCode {
  readonly #options: TerraformCodeOptions;
  readonly #env: NodeJS.ProcessEnv;

  constructor(options: TerraformCodeOptions) {
    this.#options = options;
    this.#env = terraformEnvironment(options.env);
  }

  async format(signal?: AbortSignal): Promise<TerraformCodeVerdict> {
    const { repository, infrastructure } = this.#options;
    const run = await this.#run(["fmt", "-check", "-recursive", "-no-color", infrastructure], repository, signal);
    const files = run.stdout.split("\n").filter((line) => line.trim() !== "");
    return {
      ok: run.code === 0,
      messages: run.code === NOT_FORMATTED ? files.map((file) => `${file} is not formatted`) : [saidBy(run)],
      command: `terraform fmt -check -recursive ${infrastructure}`,
    };
  }

  async validate(signal?: AbortSignal): Promise<TerraformCodeVerdict> {
    const { repository, infrastructure, directory, pluginDir } = this.#options;
    // A copy: `init` writes into the folder that it is run in, and the state of somebody's work there is none of this check's business.
    const folder = await mkdtemp(join(tmpdir(), "slipway-terraform-"));
    try {
      await cp(join(repository, infrastructure), join(folder, infrastructure), {
        recursive: true,
        filter: (path) => basename(path) !== ".terraform",
      });
      const root = join(folder, directory);
      const mirror = pluginDir === undefined ? [] : [`-plugin-dir=${pluginDir}`];
      const init = await this.#run(["init", "-backend=false", "-input=false", "-no-color", ...mirror], root, signal);
      if (init.code !== 0) {
        throw new ReleaseError({
          kind: "failed",
          what: `terraform init of ${directory} failed`,
          why: saidBy(init),
          next: `correct what Terraform names, then: terraform -chdir=${directory} init -backend=false`,
        });
      }
      const run = await this.#run(["validate", "-json"], root, signal);
      const diagnostics = diagnosticsOf(run);
      return {
        ok: run.code === 0 && diagnostics.every(({ severity }) => severity !== "error"),
        messages: diagnostics.length === 0 ? [saidBy(run)] : diagnostics.map((each) => textOf(each, directory)),
        command: `terraform -chdir=${directory} validate`,
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #run(args: readonly string[], cwd: string, signal: AbortSignal | undefined): Promise<ProcessResult> {
    const { binary: command } = this.#options;
    const what = `terraform ${args[0]}`;
    assertNotInterrupted(signal, `before ${what}`);
    const run = await runProcess({ command, args, cwd, env: this.#env, signal, killAfterMs: KILL_AFTER_MS });
    assertNotInterrupted(signal, `in ${what}`);
    if (run.code === NOT_STARTED) {
      throw new ReleaseError({
        kind: "usage",
        what: "Terraform could not be started",
        why: `${command}: ${run.stderr.trim()}`,
        next: "npm run setup",
      });
    }
    return run;
  }
}

function diagnosticsOf({ stdout }: ProcessResult): readonly Diagnostic[] {
  try {
    return JSON.parse(stdout).diagnostics ?? [];
  } catch {
    return [];
  }
}

function textOf({ summary, detail, range }: Diagnostic, directory: string): string {
  const place = range === undefined ? "" : `${directory}/${range.filename}:${range.start.line}: `;
  return `${place}${summary}${detail ? `: ${detail.replace(/\s+/g, " ")}` : ""}`;
}

function saidBy({ code, stdout, stderr }: ProcessResult): string {
  const text = (stderr.trim() || stdout.trim()).replace(/[│╷╵]/g, " ").replace(/\s+/g, " ");
  return text.trim() || `exit code ${code}`;
}
