import type { FailureReport } from "@slipway/contracts/documents";
import { ReleaseError } from "@slipway/release-engine";
import { escapeControlsInJson } from "../terminal/escape-controls.ts";

/** What is said of a failure on stdout with `--output json`: one document, as of every command that has come to its end. */
export function failureDocument(error: unknown, exitCode: number, isExpected: boolean): string {
  const document: FailureReport = { version: 1, error: partsOf(error, isExpected), exitCode };
  return `${escapeControlsInJson(JSON.stringify(document))}\n`;
}

function partsOf(error: unknown, isExpected: boolean): FailureReport["error"] {
  if (error instanceof ReleaseError) {
    const { kind, what, why, next } = error;
    return { kind, what, why, next };
  }
  const what = error instanceof Error ? error.message : String(error);
  if (!(error instanceof Error) || !isExpected) {
    return { kind: "bug", what, why: null, next: "Report it, with what is on stderr." };
  }
  if (error.name === "SetupError" && "problem" in error) {
    return {
      kind: "setup",
      ...(error.problem as { readonly what: string; readonly why: string; readonly next: string }),
    };
  }
  const kind = KINDS[error.name] ?? "failed";
  return { kind, what, why: null, next: null };
}

const KINDS: Readonly<Record<string, FailureReport["error"]["kind"]>> = {
  UserError: "usage",
  ConfigError: "usage",
  SetupError: "setup",
  AbortError: "interrupted",
};
