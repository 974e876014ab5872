import type { LedgerEntry, ReleasePlan } from "@slipway/contracts";
import type { ReleaseRecord, StepRecord } from "./release-record.ts";

/** The releases that entries tell of, oldest first. */
export function releases(entries: readonly LedgerEntry[]): ReleaseRecord[] {
  const records = new Map<string, ReleaseRecord>();
  for (const entry of entries) {
    const { release, body } = entry;
    if (release === null) continue;
    if (body.type === "release.started") {
      records.set(release, begin(body.plan, body.authors, entry));
      continue;
    }
    const record = records.get(release);
    if (record !== undefined) {
      records.set(release, { ...record, ...change(record, entry) });
    }
  }
  return [...records.values()];
}

function begin(plan: ReleasePlan, authors: readonly string[], { at, by }: LedgerEntry): ReleaseRecord {
  return {
    id: plan.release,
    plan,
    authors,
    startedAt: at,
    startedBy: by.name,
    state: "running",
    steps: new Map(),
    functions: [],
    checkpoints: {},
  };
}

function change(record: ReleaseRecord, { at, body }: LedgerEntry): Partial<ReleaseRecord> {
  switch (body.type) {
    case "release.resumed":
      return { state: "running", reason: undefined, next: undefined };
    case "release.paused":
      return { state: "paused", reason: body.reason, next: body.next };
    case "release.putting-back":
      return { puttingBack: body.reason };
    case "release.ended":
      return { state: body.outcome, reason: body.reason, next: undefined, functions: body.functions, endedAt: at };
    case "step.started": {
      const { kind, attempt } = body;
      return { steps: withStep(record, { id: body.step, kind, attempts: attempt, state: "started", at }) };
    }
    case "step.finished": {
      const { kind, outcome, summary, durationMs, result } = body;
      const attempts = record.steps.get(body.step)?.attempts ?? 1;
      const step: StepRecord = { id: body.step, kind, attempts, state: outcome, summary, durationMs, result, at };
      const isPromoted = kind === "traffic.promote" && outcome === "done";
      return { steps: withStep(record, step), ...(isPromoted && { liveAt: at }) };
    }
    case "checkpoint.judged":
      return {
        checkpoints: {
          ...record.checkpoints,
          [body.window]: { verdict: body.verdict, at, evidence: body.evidence },
        },
      };
    default:
      return {};
  }
}

function withStep({ steps }: ReleaseRecord, step: StepRecord): ReadonlyMap<string, StepRecord> {
  return new Map([...steps, [step.id, step]]);
}
