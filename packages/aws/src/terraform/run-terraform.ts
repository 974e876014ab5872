import type { ChangeCounts } from "@slipway/contracts";
import { ReleaseError, type StateLock, type TerraformEvent } from "@slipway/release-engine";
import { type ProcessResult, runProcess } from "../process/run-process.ts";
import { renderDiagnostic } from "./render-diagnostic.ts";
import { findStateLock } from "./state-lock.ts";
import { type Diagnostic, parseEvent, parseUiMessage } from "./ui-message.ts";

export interface TerraformCommand {
  binary: string;
  /** Already cleaned: see terraformEnvironment. */
  env: NodeJS.ProcessEnv;
  /** Absolute path of the root module. */
  directory: string;
  /** The command first: `["plan", "-json", ...]`. */
  args: readonly string[];
  onLine?(text: string): void;
  onEvent?(event: TerraformEvent): void;
  signal?: AbortSignal;
  whenAbandoned?: "interrupt" | "finish";
  onStart?(pid: number): void;
}

export interface TerraformRun extends ProcessResult {
  /** Of the last change summary, if there was one. */
  counts: ChangeCounts | undefined;
  diagnostics: readonly Diagnostic[];
  /** What was printed that is no message. */
  text: string;
}

/** Runs Terraform and reads its machine-readable output; exit codes are the caller's to judge. */
export async function runTerraform(command: TerraformCommand): Promise<TerraformRun> {
  const { binary, args, directory, env, onLine = () => undefined, signal } = command;
  let counts: ChangeCounts | undefined;
  const diagnostics: Diagnostic[] = [];
  const text: string[] = [];
  const result = await runProcess({
    ...{ command: binary, args, cwd: directory, env, signal },
    ...{ whenAbandoned: command.whenAbandoned, onStart: command.onStart },
    onStdoutLine(line) {
      const message = parseUiMessage(line);
      const event = command.onEvent === undefined ? undefined : parseEvent(line);
      if (event !== undefined) {
        command.onEvent?.(event);
      }
      if (message.type === "line") {
        // An apply says once more what its plan said.
        if (!(message.planned && args[0] === "apply")) {
          onLine(message.text);
        }
      } else if (message.type === "summary") {
        counts = message.counts;
      } else if (message.type === "diagnostic") {
        diagnostics.push(message.diagnostic);
        if (message.diagnostic.severity === "warning") {
          onLine(renderDiagnostic(message.diagnostic).split("\n").slice(0, 2).join(""));
        }
      } else if (message.type === "text" && line.trim() !== "") {
        text.push(line);
      }
    },
  });
  return { ...result, counts, diagnostics, text: text.join("\n") };
}

/** The error for a command that failed, with everything that Terraform said about it. */
export function terraformFailure(
  { binary, args, directory, signal }: TerraformCommand,
  run: Omit<TerraformRun, "counts">,
): ReleaseError {
  // `state push`: the part before the first option or file.
  const name = ["terraform", ...args.slice(0, args[0] === "state" ? 2 : 1)].join(" ");
  const errors = run.diagnostics.filter(({ severity }) => severity === "error").map(renderDiagnostic);
  if (signal?.aborted) {
    return new ReleaseError({
      kind: "interrupted",
      what: `Stopped ${name} in ${directory}`,
      why: "it was asked to stop",
      next: "type the same command again",
    });
  }
  const lock = findStateLock(run);
  if (lock !== undefined) {
    return lockFailure(lock, directory, errors.length > 0 ? errors.join("\n") : run.stderr.trim());
  }
  if (run.code === 127 && errors.length === 0) {
    return new ReleaseError({
      kind: "usage",
      what: "Terraform could not be started",
      why: `${binary}: ${run.stderr.trim()}`,
      next: "npm run setup",
    });
  }
  const said = [...errors, run.text, run.stderr.trim()].filter((part) => part !== "").join("\n\n");
  return new ReleaseError({
    kind: "failed",
    what: `${name} failed in ${directory}`,
    why: said === "" ? `exit code ${run.code}, and not a word` : said,
    next: "correct what Terraform names, then type the same command again",
  });
}

export function lockFailure({ id, who, operation, created }: StateLock, directory: string, said = ""): ReleaseError {
  return new ReleaseError({
    kind: "busy",
    what: `The Terraform state of ${directory} is locked by ${who}`,
    why: `${operation} since ${created}${said === "" ? "" : `\n${said}`}`,
    next: `wait until they are done; if you are sure that nothing runs there any more: terraform -chdir=${directory} force-unlock ${id}`,
  });
}
