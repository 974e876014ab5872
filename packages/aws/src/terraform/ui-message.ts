import type { ChangeCounts } from "@slipway/contracts";
import type { TerraformEvent } from "@slipway/release-engine";
import { renderDiagnostic } from "./render-diagnostic.ts";

/** One message of Terraform's machine-readable output, as far as a release needs it. */
export type UiMessage =
  /** A line for people; `planned` when it says what will be done. */
  | { type: "line"; text: string; planned: boolean }
  /** What a plan will do, or an apply did. */
  | { type: "summary"; operation: string; counts: ChangeCounts }
  | { type: "diagnostic"; diagnostic: Diagnostic }
  /** Nothing that anybody has to know. */
  | { type: "other" }
  /** Not a message: a crash, or a program that is not Terraform. */
  | { type: "text"; text: string };

/** @see https://developer.hashicorp.com/terraform/internals/machine-readable-ui#diagnostic */
export interface Diagnostic {
  severity: "error" | "warning";
  summary: string;
  detail?: string;
  /** The resource that it is about. */
  address?: string;
  range?: { filename: string; start: { line: number } };
  snippet?: {
    context?: string | null;
    code: string;
    start_line: number;
    values?: readonly { traversal: string; statement: string }[] | null;
  };
}

interface RawMessage {
  type?: string;
  "@timestamp"?: string;
  "@message"?: string;
  message_code?: string;
  hook?: { action?: string; resource?: { addr?: string }; elapsed_seconds?: number };
  change?: { action?: string };
  changes?: { add?: number; change?: number; remove?: number; operation?: string };
  diagnostic?: Diagnostic;
}

/**
 * Messages that are worth a line while it runs. Refreshes are not: there is one for each resource, each time. A
 * provisioner's output is not either: it may hold anything.
 */
const shownTypes = new Set([
  "planned_change",
  "resource_drift",
  "apply_progress",
  "apply_complete",
  "apply_errored",
  "init_output",
  "log",
]);

/**
 * Reads one line of `terraform ... -json`.
 *
 * @see https://developer.hashicorp.com/terraform/internals/machine-readable-ui
 */
export function parseUiMessage(line: string): UiMessage {
  const message = parse(line);
  if (message === undefined) {
    return { type: "text", text: line };
  }
  if (message.type === "diagnostic" && message.diagnostic !== undefined) {
    return { type: "diagnostic", diagnostic: message.diagnostic };
  }
  if (message.type === "change_summary" && message.changes !== undefined) {
    const { add = 0, change = 0, remove = 0, operation = "" } = message.changes;
    return { type: "summary", operation, counts: { add, change, destroy: remove } };
  }
  // Some messages are paragraphs, and some begin with an empty line.
  const text = (message["@message"] ?? "").trim().split("\n")[0] ?? "";
  // The last of init's messages are advice for people who go on by hand.
  const isAdvice = message.message_code?.startsWith("output_init_success") ?? false;
  const isRead = message.hook?.action === "read";
  // Drift that is worth a line is a resource that somebody deleted. Most of the rest is the provider's reading nothing as
  // an empty list right after it was created; what matters of it comes back as a planned change.
  const isNoise = isRead || (message.type === "resource_drift" && message.change?.action !== "delete");
  if (shownTypes.has(message.type ?? "") && !isAdvice && !isNoise && text !== "") {
    // Ids make the line long, and some say more than they should.
    const planned = message.type === "planned_change" || message.type === "resource_drift";
    return { type: "line", planned, text: text.replace(/ \[id=.*\]$/, "") };
  }
  return { type: "other" };
}

const hookTypes: ReadonlySet<string> = new Set(["apply_start", "apply_complete", "apply_errored"]);

/**
 * The same line for the record, as data; undefined where it is nothing that must be known later. Ids and values are left out, and so is
 * what a provisioner printed.
 */
export function parseEvent(line: string): TerraformEvent | undefined {
  const message = parse(line);
  const { type, hook, changes, diagnostic, "@timestamp": at } = message ?? {};
  const time = at === undefined ? {} : { at };
  if (hookTypes.has(type ?? "") && hook !== undefined && hook.action !== "read") {
    return {
      type: type as "apply_start" | "apply_complete" | "apply_errored",
      ...time,
      ...(hook.resource?.addr === undefined ? {} : { address: hook.resource.addr }),
      ...(hook.action === undefined ? {} : { action: hook.action }),
      ...(hook.elapsed_seconds === undefined ? {} : { seconds: hook.elapsed_seconds }),
    };
  }
  if (type === "change_summary" && changes !== undefined) {
    const { add = 0, change = 0, remove = 0 } = changes;
    return { type, ...time, counts: { add, change, destroy: remove } };
  }
  if (type === "diagnostic" && diagnostic !== undefined) {
    const { severity, address } = diagnostic;
    // Not the lines of code that it shows: they may hold what nobody may read, and are in the repository.
    const { snippet: _, ...shown } = diagnostic;
    const where = address === undefined || address === "" ? {} : { address };
    return { type, ...time, severity, ...where, text: renderDiagnostic(shown) };
  }
  return undefined;
}

function parse(line: string): RawMessage | undefined {
  if (!line.startsWith("{")) {
    return undefined;
  }
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
