import type { Evidence, LedgerBodyOf, LedgerEntry, PlannedStep, PlanSummary, Verdict } from "@slipway/contracts";
import {
  type ChecklistLine,
  hasRollbackChecklist,
  type ReleaseRecord,
  rollbackChecklist,
  type StepRecord,
} from "@slipway/release-engine";
import { releaseJson } from "./render-history.ts";

/** When something was written down, and by whom. */
interface Written {
  readonly at: string;
  readonly by: string;
}

/** Everything that the ledger tells of one release. */
export interface ReleaseStory {
  readonly record: ReleaseRecord;
  /** Those of the plan in its order, then those of putting back. */
  readonly steps: readonly { readonly planned?: PlannedStep; readonly id: string; readonly step?: StepRecord }[];
  readonly plans: readonly (Written & { readonly summary: PlanSummary })[];
  readonly approvals: readonly (Written & LedgerBodyOf<"approval.given">)[];
  readonly waivers: readonly (Written & LedgerBodyOf<"waiver.given">)[];
  /** What a plan's changes came to that were known only after its apply. */
  readonly settled: readonly (Written & LedgerBodyOf<"plan.settled">)[];
  readonly signOffs: readonly (Written & LedgerBodyOf<"sign-off.given">)[];
  readonly evidence: readonly { readonly step: string; readonly at: string; readonly evidence: readonly Evidence[] }[];
  readonly verdicts: readonly {
    readonly step: string;
    readonly look: number;
    readonly at: string;
    readonly verdict: Verdict;
  }[];
  readonly checkpoints: readonly (Written & Omit<LedgerBodyOf<"checkpoint.judged">, "type" | "measurements">)[];
  readonly notifications: readonly (Written & LedgerBodyOf<"notification.sent">)[];
  /** Ends, pauses and resumptions, in their order. */
  readonly turns: readonly (Written & { readonly what: string; readonly reason?: string; readonly next?: string })[];
  /** Only of a rollback, and of what was put back: the guide's checklist. */
  readonly rollbackChecklist?: readonly ChecklistLine[];
}

/** Collects what entries tell of a release. Approvals count by the plan that they were given for, too. */
export function releaseStory(record: ReleaseRecord, entries: readonly LedgerEntry[], flags: string): ReleaseStory {
  const own = entries.filter(({ release }) => release === record.id);
  const plans = bodiesOf(own, "plan.made");
  const digests = new Set(plans.map(({ summary }) => summary.planDigest));
  const approvals = entries.filter(
    ({ release, body }) =>
      body.type === "approval.given" && (release === record.id || (release === null && digests.has(body.planDigest))),
  );
  const planned = new Map(record.plan.steps.map((step) => [step.id, step]));
  const ids = [...planned.keys(), ...[...record.steps.keys()].filter((id) => !planned.has(id))];
  return {
    record,
    steps: ids.map((id) => {
      const [plan, step] = [planned.get(id), record.steps.get(id)];
      return { id, ...(plan === undefined ? {} : { planned: plan }), ...(step === undefined ? {} : { step }) };
    }),
    plans,
    approvals: bodiesOf(approvals, "approval.given"),
    waivers: bodiesOf(own, "waiver.given"),
    settled: bodiesOf(own, "plan.settled"),
    signOffs: bodiesOf(own, "sign-off.given"),
    evidence: bodiesOf(own, "evidence"),
    verdicts: bodiesOf(own, "verdict"),
    checkpoints: bodiesOf(own, "checkpoint.judged").map(({ measurements: _, ...rest }) => rest),
    notifications: bodiesOf(own, "notification.sent"),
    turns: own.flatMap(turnOf),
    ...(hasRollbackChecklist(record) && { rollbackChecklist: rollbackChecklist(record, entries, flags) }),
  };
}

function bodiesOf<T extends LedgerEntry["body"]["type"]>(
  entries: readonly LedgerEntry[],
  type: T,
): (Written & LedgerBodyOf<T>)[] {
  return entries.flatMap(({ at, by, body }) =>
    body.type === type ? [{ ...(body as LedgerBodyOf<T>), at, by: by.name }] : [],
  );
}

function turnOf({ at, by, body }: LedgerEntry): ReleaseStory["turns"] {
  const written = { at, by: by.name };
  switch (body.type) {
    case "release.started":
      return body.reason === undefined ? [] : [{ ...written, what: "begun", reason: body.reason }];
    case "release.resumed":
      return [{ ...written, what: "resumed" }];
    case "release.paused":
      return [{ ...written, what: `paused at ${body.step}`, reason: body.reason, next: body.next }];
    case "release.putting-back":
      return [{ ...written, what: "putting back", reason: body.reason }];
    case "release.ended":
      return [{ ...written, what: body.outcome, reason: body.reason }];
    default:
      return [];
  }
}

/** The story as a JSON document. */
export function storyJson(
  { record, steps, ...rest }: ReleaseStory,
  { environment, target }: { readonly environment: string; readonly target: string },
): object {
  return {
    ...{ version: 1, environment, target, ...releaseJson(record) },
    steps: steps.map(({ id, planned, step }) => ({
      ...{ id, kind: planned?.kind ?? step?.kind, title: planned?.title ?? id, state: step?.state ?? "to-do" },
      ...(step === undefined ? {} : { attempts: step.attempts, at: step.at }),
      ...{ summary: step?.summary ?? null, durationMs: step?.durationMs ?? null, result: step?.result ?? null },
    })),
    ...rest,
  };
}
