import type { LedgerEntry, ValidationWindow } from "@slipway/contracts";
import type { CheckpointRecord, ReleaseRecord, StepRecord } from "./release-record.ts";

/** A record while it is made. */
type Draft = { -readonly [K in keyof ReleaseRecord]: ReleaseRecord[K] } & {
  steps: Map<string, StepRecord>;
  checkpoints: Partial<Record<ValidationWindow, CheckpointRecord>>;
};

/**
 * The releases of an environment, oldest first, as its ledger's entries tell them.
 *
 * Of the releases that went live, the last one that was not put back is `live`: one before it is `superseded`, and is live again when the
 * one after it is put back to it.
 */
export function releasesOf(entries: readonly LedgerEntry[]): ReleaseRecord[] {
  const releases = new Map<string, Draft>();
  for (const entry of entries) {
    const { body, release: id } = entry;
    if (body.type === "release.started") {
      releases.set(body.plan.release, started(entry, body));
      continue;
    }
    const release = id === null ? undefined : releases.get(id);
    if (release !== undefined) {
      tell(release, entry, releases);
    }
  }
  return [...releases.values()];
}

function started(
  { at, by }: LedgerEntry,
  { plan, authors }: Extract<LedgerEntry["body"], { type: "release.started" }>,
): Draft {
  return {
    ...{ id: plan.release, plan, authors, startedAt: at, startedBy: by.name, state: "running" },
    ...{ steps: new Map(), functions: [], checkpoints: {} },
  };
}

function tell(release: Draft, { at, body }: LedgerEntry, releases: ReadonlyMap<string, Draft>): void {
  switch (body.type) {
    case "release.resumed":
      forget(release, "reason", "next");
      release.state = "running";
      break;
    case "release.paused":
      Object.assign(release, { state: "paused", reason: body.reason, next: body.next });
      break;
    case "release.ended":
      end(release, at, body, releases);
      break;
    case "step.started": {
      const { step: id, kind, attempt: attempts } = body;
      release.steps.set(id, { id, kind, attempts, state: "started", at });
      break;
    }
    case "step.finished": {
      const { step: id, kind, outcome: state, summary, durationMs, result } = body;
      const attempts = release.steps.get(id)?.attempts ?? 1;
      const known = { id, kind, attempts, state, summary, durationMs, at };
      release.steps.set(id, result === undefined ? known : { ...known, result });
      break;
    }
    case "checkpoint.judged":
      release.checkpoints = {
        ...release.checkpoints,
        [body.window]: { verdict: body.verdict, at, evidence: body.evidence },
      };
      break;
    default:
      break;
  }
}

function end(
  release: Draft,
  at: string,
  { outcome, reason, functions }: Extract<LedgerEntry["body"], { type: "release.ended" }>,
  releases: ReadonlyMap<string, Draft>,
): void {
  const wasLive = release.state === "live" || release.liveAt !== undefined;
  forget(release, "next");
  Object.assign(release, { state: outcome, reason, endedAt: at });
  // What is superseded keeps what it had: it may be put back to.
  if (outcome !== "superseded" || functions.length > 0) {
    release.functions = functions;
  }
  if (outcome === "live") {
    release.liveAt = at;
    for (const other of releases.values()) {
      if (other !== release && other.state === "live") {
        other.state = "superseded";
      }
    }
  }
  const before = release.plan.previous === null ? undefined : releases.get(release.plan.previous);
  if (outcome === "put-back" && wasLive && before?.state === "superseded") {
    before.state = "live";
  }
}

function forget(release: Draft, ...members: readonly ("reason" | "next")[]): void {
  for (const member of members) {
    delete release[member];
  }
}
