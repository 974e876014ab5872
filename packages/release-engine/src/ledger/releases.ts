import type { LedgerBodyOf, LedgerEntry, StepKind } from "@slipway/contracts";
import type { ReleaseRecord, StepRecord } from "./release-record.ts";

/** A release while its entries are read. */
type ReadRecord = ReleaseRecord & { readonly steps: Map<string, StepRecord> };

type Records = Map<string, ReadRecord>;

/**
 * The releases of an environment, oldest first, as its ledger's entries tell them.
 *
 * Of those that went live, the last one that was not put back is `live`. The one before it is `superseded`, and is live again when the
 * last one is put back.
 */
export function releases(entries: readonly LedgerEntry[]): ReleaseRecord[] {
  const records: Records = new Map();
  for (const entry of entries) {
    const { release, body } = entry;
    if (body.type === "release.started") {
      records.set(body.plan.release, begun(entry, body));
    } else if (release !== null) {
      update(records, release, (record) => changed(record, entry));
      changeOthers(records, release, entry);
    }
  }
  return [...records.values()];
}

function begun(
  { at, by }: LedgerEntry,
  { plan, authors, authorsUnknown }: LedgerBodyOf<"release.started">,
): ReadRecord {
  return {
    id: plan.release,
    plan,
    authors,
    ...(authorsUnknown === undefined ? {} : { authorsUnknown }),
    startedAt: at,
    startedBy: by.name,
    state: "running",
    steps: new Map(),
    functions: [],
    checkpoints: {},
  };
}

function changed(record: ReadRecord, { at, body }: LedgerEntry): ReadRecord {
  switch (body.type) {
    case "release.resumed":
      return { ...record, state: "running", reason: undefined, next: undefined };
    case "release.paused":
      return { ...record, state: "paused", reason: body.reason, next: body.next };
    case "release.putting-back":
      return { ...record, puttingBack: body.reason };
    case "release.ended": {
      const { outcome: state, reason, functions } = body;
      const wasLive = state === "live" ? { wasLive: true as const } : {};
      return { ...record, ...wasLive, state, reason, next: undefined, functions, endedAt: at };
    }
    case "step.started": {
      const { kind, attempt } = body;
      return withStep(record, { id: body.step, kind, attempts: attempt, state: "started", at });
    }
    case "step.finished": {
      const { kind, outcome, summary, durationMs, result } = body;
      const attempts = record.steps.get(body.step)?.attempts ?? 1;
      const step: StepRecord = { id: body.step, kind, attempts, state: outcome, summary, durationMs, result, at };
      const isPromoted =
        (kind === "traffic.promote" || kind === "traffic.return") &&
        (outcome === "done" || outcome === "nothing-to-do");
      return { ...withStep(record, step), ...(isPromoted && { liveAt: at }) };
    }
    case "checkpoint.judged": {
      const { window, verdict, evidence } = body;
      return { ...record, checkpoints: { ...record.checkpoints, [window]: { verdict, at, evidence } } };
    }
    default:
      return record;
  }
}

const movesForward: ReadonlySet<StepKind> = new Set(["traffic.shift", "traffic.promote", "traffic.return"]);

/** What an entry of one release means for the others. */
function changeOthers(records: Records, release: string, { body }: LedgerEntry): void {
  if (body.type === "step.started" && movesForward.has(body.kind)) {
    // From here on what is measured is not the work of the live release alone.
    updateOthers(records, release, "live", (live) => ({ ...live, overtakenBy: live.overtakenBy ?? release }));
  }
  if (body.type === "release.ended" && body.outcome === "live") {
    updateOthers(records, release, "live", (live) => ({ ...live, state: "superseded" }));
  }
  if (body.type === "release.ended" && body.outcome === "put-back") {
    const previous = records.get(release)?.plan.previous;
    updateOthers(records, release, "superseded", (other) =>
      other.id === previous ? { ...other, state: "live" } : other,
    );
  }
}

function updateOthers(
  records: Records,
  release: string,
  state: ReleaseRecord["state"],
  change: (record: ReadRecord) => ReadRecord,
): void {
  for (const other of records.values()) {
    if (other.id !== release && other.state === state) {
      records.set(other.id, change(other));
    }
  }
}

function update(records: Records, id: string, change: (record: ReadRecord) => ReadRecord): void {
  const record = records.get(id);
  if (record !== undefined) {
    records.set(id, change(record));
  }
}

/** Its map of steps is its own until all entries are read: copying it for each of them would take the square of their number. */
function withStep(record: ReadRecord, step: StepRecord): ReadRecord {
  record.steps.set(step.id, step);
  return record;
}
