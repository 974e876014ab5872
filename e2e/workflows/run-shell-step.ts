import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A step with a script, and what it is run in. */
export interface ShellStep {
  readonly script: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where its files may lie. */
  readonly temporary: string;
  readonly timeoutMs: number;
  readonly onOutput?: (text: string) => void;
}

/** What came of it. */
export interface ShellStepResult {
  /** `null` where it took too long. */
  readonly code: number | null;
  /** Of both streams, as the log of a run has it. */
  readonly log: string;
  /** What it wrote for the steps after it, and for who reads the run. */
  readonly files: { readonly env: string; readonly output: string; readonly path: string; readonly summary: string };
}

/** `shell: bash`, with pipefail; a step of GitHub's that names no shell has none. */
const BASH = ["--noprofile", "--norc", "-eo", "pipefail"];

/**
 * Runs the script of a step as GitHub's runner does: from a file, with these flags, and with files for what it has to say.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#exit-codes-and-error-action-preference
 */
export function runShellStep(step: ShellStep): Promise<ShellStepResult> {
  const folder = mkdtempSync(join(step.temporary, "step-"));
  const file = (name: string, content = "") => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const [env, output, path, summary] = [file("env"), file("output"), file("path"), file("summary")];
  const script = file("script.sh", step.script);
  return new Promise((resolve, reject) => {
    const child = spawn("bash", [...BASH, script], {
      cwd: step.cwd,
      env: { ...step.env, GITHUB_ENV: env, GITHUB_OUTPUT: output, GITHUB_PATH: path, GITHUB_STEP_SUMMARY: summary },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let log = "";
    const hear = (chunk: Buffer) => {
      const text = chunk.toString("utf8");
      log += text;
      step.onOutput?.(text);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    const killGroup = () => {
      try {
        process.kill(-(child.pid ?? 0), "SIGKILL");
      } catch {
        // it has just ended by itself
      }
    };
    const deadline = setTimeout(killGroup, step.timeoutMs);
    process.once("exit", killGroup);
    const end = () => {
      clearTimeout(deadline);
      process.off("exit", killGroup);
    };
    child.on("error", (error) => {
      end();
      reject(error);
    });
    child.on("close", (code) => {
      end();
      const read = (each: string) => readFileSync(each, "utf8");
      resolve({ code, log, files: { env: read(env), output: read(output), path: read(path), summary: read(summary) } });
    });
  });
}

/**
 * What a step has written into `GITHUB_ENV` or `GITHUB_OUTPUT`: `NAME=value`, or `NAME<<END`, lines, `END`.
 *
 * @throws Error when GitHub would not take it
 */
export function readAssignments(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const lines = text.split("\n");
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const [, many, delimiter] = /^([^=<]+)<<(.+)$/.exec(line) ?? [];
    const [, one, value] = /^([^=]+)=(.*)$/.exec(line) ?? [];
    if (many !== undefined && delimiter !== undefined) {
      const end = lines.indexOf(delimiter);
      if (end < 0) {
        throw new Error(`${many}: has no line '${delimiter}' that ends it`);
      }
      found[many] = lines
        .splice(0, end + 1)
        .slice(0, -1)
        .join("\n");
    } else if (one !== undefined && value !== undefined) {
      found[one] = value;
    } else if (line !== "") {
      throw new Error(`'${line}': expected NAME=value`);
    }
  }
  return found;
}
