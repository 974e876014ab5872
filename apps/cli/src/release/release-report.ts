import type { ReleasePlan, ReleaseReport, ValidationWindow } from "@slipway/contracts";
import { backFromRollback, type ReleaseRecord, verifiedOf, WINDOWS } from "@slipway/release-engine";
import { hasPredecessor, restoreStep, settleStep, verifyRestoredStep } from "@slipway/release-plan";

/** What a command was typed for, and where. */
export interface ReportedCommand {
  readonly command: ReleaseReport["command"];
  readonly environment: string;
  /** As messages call it, and the flags that lead there, with a space before each. */
  readonly target: { readonly label: string; readonly flags: string };
  readonly durationMs: number;
  readonly apiUrl?: string;
}

interface Place {
  readonly environment: string;
  /** With a space before each. */
  readonly flags: string;
}

const NO_STEPS = { steps: [], functions: [], checkpoints: [] } satisfies Partial<ReleaseReport>;

/** The report of a plan that was only shown. */
export function plannedReport(command: ReportedCommand, plan: ReleasePlan): ReleaseReport {
  const { environment, target } = command;
  return {
    ...{
      version: 1,
      ...head(command),
      ...NO_STEPS,
      outcome: "planned",
      release: plan.release,
      source: plan.source,
      plan,
    },
    steps: plan.steps.map(({ id, kind, title }) => ({ id, kind, title, state: "to-do" })),
    reason: "it was only to be shown",
    next: { goOn: `slipway ${command.command} ${environment}${target.flags}`, look: [] },
  };
}

/**
 * The report of a release, from what the ledger says of it.
 *
 * @param outcome where it is another than the ledger's: a command can find nothing to do, or be interrupted
 */
export function releaseReport(
  command: ReportedCommand,
  record: ReleaseRecord,
  outcome: ReleaseReport["outcome"] = outcomeOf(record),
  reason = record.reason ?? "",
): ReleaseReport {
  const { environment, target } = command;
  const at = `${environment}${target.flags}`;
  const checkpoints = checkpointsOf(record);
  const canGoOn = outcome === "paused" || outcome === "interrupted" || outcome === "broken-off";
  const isUndone = outcome === "failed" || outcome === "put-back";
  return {
    ...{ version: 1, ...head(command), outcome, release: record.id, source: record.plan.source },
    steps: stepsOf(record),
    functions: [...record.functions],
    ...rollbackOf(record),
    ...(command.apiUrl === undefined ? {} : { apiUrl: command.apiUrl }),
    checkpoints: record.liveAt === undefined || isUndone ? [] : checkpoints,
    reason,
    next: {
      ...(outcome === "paused" && record.next !== undefined && record.next !== `slipway resume ${at}`
        ? { first: record.next }
        : {}),
      ...(canGoOn ? { goOn: `slipway resume ${at}` } : {}),
      look: [
        `slipway status ${at}`,
        `slipway show ${environment} ${record.id}${target.flags}`,
        ...(record.functions.length === 0 ? [] : [`slipway metrics ${at}`]),
      ],
      ...(isUndone ? {} : { undo: undoOf(record, { environment, flags: target.flags }) }),
      ...(!isUndone &&
      record.liveAt !== undefined &&
      record.overtakenBy === undefined &&
      checkpoints.some(({ state }) => state === "due" || state === "unknown")
        ? { due: `slipway watch ${at}` }
        : {}),
    },
  };
}

/** What only a rollback has, or a release that somebody has put back. */
function rollbackOf(record: ReleaseRecord): Pick<ReleaseReport, "rollsBack" | "verified"> {
  const verdict = verifiedOf(record)?.verdict;
  const { from, to, parts } = record.plan.rollsBack ?? {};
  return {
    ...(from !== undefined && to !== undefined && parts !== undefined && { rollsBack: { from, to, parts } }),
    ...(verdict !== undefined && { verified: verdict }),
  };
}

/**
 * A live first release has nothing to go back to, behind a rollback is what it was made for, and what has written items back is taken back
 * item by item.
 */
function undoOf({ id, state, plan }: ReleaseRecord, { environment, flags }: Place): string {
  if (plan.undo !== undefined) {
    return `slipway rollback ${environment} data --undo-of ${id}${flags}`;
  }
  if (state === "live" && plan.rollsBack !== undefined) {
    return backFromRollback({ environment, rollsBack: plan.rollsBack }, flags);
  }
  const at = `${environment}${flags}`;
  return state === "live" && !hasPredecessor(plan)
    ? `slipway deploy ${at} (a fix), or slipway destroy ${at}: nothing ran before this first release`
    : `slipway rollback ${at}`;
}

function head({ command, environment, target, durationMs }: ReportedCommand) {
  return { command, environment, target: target.label, durationMs: Math.round(durationMs) };
}

/** What the ledger's state means to whoever typed the command. */
function outcomeOf({ state }: ReleaseRecord): ReleaseReport["outcome"] {
  switch (state) {
    case "superseded":
      return "live";
    case "running":
      return "interrupted";
    default:
      return state;
  }
}

/** Steps that are in no plan. */
const wayBack = new Map([restoreStep, settleStep, verifyRestoredStep].map((step) => [step.id, step]));

function stepsOf({ plan, steps }: ReleaseRecord): ReleaseReport["steps"] {
  const planned = new Map(plan.steps.map((step) => [step.id, step]));
  // Those of putting back are in no plan; they come last, as they were taken last.
  const ids = [...plan.steps.map(({ id }) => id), ...[...steps.keys()].filter((id) => !planned.has(id))];
  return ids.map((id) => {
    const step = steps.get(id);
    const { kind = step?.kind, title = id } = planned.get(id) ?? wayBack.get(id) ?? {};
    return {
      ...{ id, kind: kind ?? "traffic.restore", title, state: step?.state ?? "to-do" },
      ...(step?.summary === undefined ? {} : { summary: step.summary }),
      ...(step?.durationMs === undefined ? {} : { durationMs: step.durationMs }),
    };
  });
}

/** The plan's checkpoints: what came out of them, or from when on they can be judged. */
function checkpointsOf({ plan, liveAt, checkpoints, overtakenBy }: ReleaseRecord): ReleaseReport["checkpoints"] {
  const windows = plan.steps.flatMap(({ window }) => window ?? []);
  return windows.map((window: ValidationWindow) => {
    const judged = checkpoints[window];
    return judged === undefined
      ? { window, state: overtakenBy === undefined ? "due" : "unknown", at: dueAt(liveAt, window) }
      : { window, state: judged.verdict, at: judged.at };
  });
}

function dueAt(liveAt: string | undefined, window: ValidationWindow): string {
  return new Date(Date.parse(liveAt ?? new Date(0).toISOString()) + WINDOWS[window].lengthMs).toISOString();
}
