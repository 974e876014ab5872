// yaml, because it is what GitHub's parser reads with, and keeps the comments, in which the versions of actions are.
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from "yaml";

/** A workflow's jobs and steps as they are written. Lines begin at 1. */
export interface WorkflowFile {
  /** What starts it. */
  readonly events: readonly string[];
  readonly permissions?: unknown;
  readonly jobs: readonly WorkflowJob[];
}

export interface WorkflowJob {
  readonly id: string;
  readonly line: number;
  readonly permissions?: unknown;
  readonly steps: readonly WorkflowStep[];
}

export interface WorkflowStep {
  readonly line: number;
  readonly uses?: { readonly action: string; readonly comment: string };
  readonly run?: string;
  readonly with: Readonly<Record<string, unknown>>;
}

/** @throws Error when it is no YAML */
export function workflowSteps(source: string): WorkflowFile {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined) {
    throw error;
  }
  const lineOf = (node: unknown) => lines.linePos((node as Node | undefined)?.range?.[0] ?? 0).line;
  const top = document.contents;
  if (!isMap(top)) {
    return { events: [], jobs: [] };
  }
  const jobs = top.get("jobs");
  return {
    events: eventsOf(plain(top, "on")),
    permissions: plain(top, "permissions"),
    jobs: (isMap(jobs) ? jobs.items : []).flatMap(({ key, value }) =>
      isMap(value)
        ? [
            {
              ...{ id: String(key), line: lineOf(key), permissions: plain(value, "permissions") },
              steps: stepsOf(value).map((step) => stepOf(step, lineOf(step))),
            },
          ]
        : [],
    ),
  };
}

function eventsOf(on: unknown): readonly string[] {
  return Array.isArray(on) ? on.map(String) : typeof on === "object" && on !== null ? Object.keys(on) : [String(on)];
}

function stepsOf(job: YAMLMap): readonly YAMLMap[] {
  const steps = job.get("steps");
  return isSeq(steps) ? steps.items.filter((step) => isMap(step)) : [];
}

function stepOf(step: YAMLMap, line: number): WorkflowStep {
  const uses = step.get("uses", true);
  const run = step.get("run");
  return {
    line,
    ...(isScalar(uses) && { uses: { action: String(uses.value), comment: (uses.comment ?? "").trim() } }),
    ...(typeof run === "string" && { run }),
    with: (plain(step, "with") ?? {}) as Readonly<Record<string, unknown>>,
  };
}

function plain(map: YAMLMap, key: string): unknown {
  const value = map.get(key);
  return isMap(value) || isSeq(value) ? value.toJSON() : value;
}
