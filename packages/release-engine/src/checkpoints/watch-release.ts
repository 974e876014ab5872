import type { Holder, LedgerEntry, PlannedStep } from "@slipway/contracts";
import { checkpointDueAt, hasPredecessor, isUnfinished, remainingSteps } from "@slipway/release-plan";
import type { HeldLedger, Ledger } from "../ledger/ledger.ts";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { releases } from "../ledger/releases.ts";
import { tellMissed } from "../notifications/tell-missed.ts";
import { insteadOfPuttingBack } from "../release/first-release-stays.ts";
import type { ReleasePorts } from "../release/release-ports.ts";
import { runRelease } from "../release/run-release.ts";
import { unfinishedRelease } from "../release/standing-releases.ts";
import type { StepHandlers } from "../release/step-handler.ts";
import { type FailureKind, ReleaseError } from "../release-error.ts";

export interface WatchPorts {
  readonly release: ReleasePorts;
  readonly ledger: Ledger;
  /** What does the steps, for who has the lease. */
  handlers(held: HeldLedger): StepHandlers;
}

export interface WatchOptions {
  readonly holder: Holder;
  /** Judge what is due now, and come back: for schedulers. */
  readonly once: boolean;
  /** What commands to type next need after the environment's name. */
  readonly flags: string;
  readonly signal: AbortSignal;
  /** How often the ledger is looked at while a checkpoint is waited for, in milliseconds on the target's clock; 5 minutes unless given. */
  readonly lookEveryMs?: number;
  /** Says what is waited for. */
  readonly onLine: (text: string) => void;
}

/** Where a watched release stands when nothing is left to watch for. */
export interface WatchEnd {
  /**
   * - `nothing`: no release is live with a checkpoint to come, also where those that it had are not judged any more
   * - `not-due`: the next checkpoint is yet to come
   * - `passed`: what was due has passed; without `once`, all have
   * - `failed`: a checkpoint has failed, and the release stays live: people decide
   * - `unknown`: what was due could not be judged
   * - `busy`: somebody else is at work on the environment, so what is due could not be judged
   */
  readonly state: "nothing" | "not-due" | "passed" | "failed" | "put-back" | "unknown" | "busy" | "interrupted";
  /** One line. */
  readonly reason: string;
  /** What to type now. */
  readonly next?: string;
  readonly record?: ReleaseRecord;
}

/** Somebody may release, or put back, while a checkpoint is waited for. */
const LOOK_EVERY_MS = 300_000;
/** How long it waits for who has the lease, and for what cannot be reached. */
const AGAIN_MS = 30_000;
/** What could not be judged is not judged again before, unless somebody has said something since. */
const UNKNOWN_MS = 3_600_000;
/** What a watch of a day must survive. */
const PASSING: ReadonlySet<FailureKind> = new Set(["unreachable", "throttled", "busy", "fenced", "timeout"]);

/**
 * Judges the checkpoints of the live release, each once it is due, and puts it back when one fails. It has no memory of its own: whoever
 * starts it again goes on from what the ledger says. The lease is held while something is judged or put back, and not while it waits.
 *
 * @throws {ReleaseError} what went wrong while judging, where it is worth no other try, or with `once`
 */
export async function watchRelease(ports: WatchPorts, options: WatchOptions): Promise<WatchEnd> {
  const { ledger, release } = ports;
  const { once, signal, onLine, flags, lookEveryMs = LOOK_EVERY_MS } = options;
  let watched: ReleaseRecord | undefined;
  let said = "";
  const say = (words: string) => {
    const text = release.redactor.text(words);
    if (text !== said) {
      onLine(text);
      said = text;
    }
  };
  for (;;) {
    let sleepMs = AGAIN_MS;
    try {
      const entries = await ledger.read(signal);
      const found = look(entries, release.clock.now(), flags, watched?.id);
      watched = found.record ?? watched;
      if ("state" in found) {
        if (once || (found.state !== "not-due" && found.state !== "busy")) {
          return found;
        }
        say(found.reason);
        sleepMs = Math.min(lookEveryMs, found.waitMs ?? AGAIN_MS);
      } else {
        const end = await judgeDue(ports, options, found.record);
        if (end !== undefined) {
          return end;
        }
        sleepMs = 0;
      }
    } catch (error) {
      if (signal.aborted) {
        return { ...interrupted(ledger.environment, flags), ...(watched && { record: watched }) };
      }
      if (once || !(error instanceof ReleaseError) || !PASSING.has(error.kind)) {
        throw error;
      }
      say(`${error.what}: ${error.why}; it is tried again`);
    }
    if (sleepMs > 0) {
      await release.clock.sleep(sleepMs, signal);
    }
    if (signal.aborted) {
      return { ...interrupted(ledger.environment, flags), ...(watched && { record: watched }) };
    }
  }
}

type Found = (WatchEnd & { readonly waitMs?: number }) | { readonly due: true; readonly record: ReleaseRecord };

/** Decides from the ledger what is to be done now. */
function look(entries: readonly LedgerEntry[], now: number, flags: string, watched: string | undefined): Found {
  const records = releases(entries);
  const record = records.findLast(({ id, state }) => id === watched || state === "live");
  const environment = entries[0]?.environment ?? "";
  if (record === undefined) {
    return { state: "nothing", reason: "no release is live", next: `slipway status ${environment}${flags}` };
  }
  if (record.state !== "live") {
    return { state: "nothing", reason: `${record.id} is ${record.state}: ${record.reason ?? ""}`, record };
  }
  const other = unfinishedRelease(records);
  const open = remainingSteps(record.plan, record);
  const isGoingBack = isUnfinished(record);
  const ripe = open.filter((step) => isGoingBack || isRipe(record, step, entries, now));
  if (ripe.length > 0) {
    return other === undefined || other.id === record.id ? { due: true, record } : behind(other, record, flags);
  }
  const waiting = open.filter((step) => !isJudged(record, step));
  const dueAt = Math.min(...waiting.map((step) => checkpointDueAt(step, record)));
  if (waiting.length > 0) {
    const next = waiting.find((step) => checkpointDueAt(step, record) === dueAt)?.window ?? "";
    const reason = `${record.id} is live; its next checkpoint (${next}) is due at ${new Date(dueAt).toISOString()}`;
    return { state: "not-due", reason, record, waitMs: Math.max(1_000, dueAt - now) };
  }
  return endOf(record, flags);
}

function isJudged({ steps }: ReleaseRecord, { id }: PlannedStep): boolean {
  return steps.get(id)?.state === "paused";
}

/** Due; and where it could not be judged before, there is a reason to expect more now. */
function isRipe(record: ReleaseRecord, step: PlannedStep, entries: readonly LedgerEntry[], now: number): boolean {
  const before = record.steps.get(step.id);
  if (before?.state !== "paused") {
    return before !== undefined || now >= checkpointDueAt(step, record);
  }
  const hasNews = entries.some(
    ({ at, body }) => at > before.at && (body.type === "sign-off.given" || body.type === "waiver.given"),
  );
  return hasNews || now - Date.parse(before.at) >= UNKNOWN_MS;
}

/** A later release is on its way: what it does decides, and a checkpoint would judge both. */
function behind(other: ReleaseRecord, record: ReleaseRecord, flags: string): WatchEnd {
  const { environment } = record.plan;
  return {
    ...{ state: "busy", record },
    reason: `${other.id} is ${other.state}, so no checkpoint of ${record.id} is judged`,
    next: `slipway resume ${environment}${flags} goes on with ${other.id}, slipway rollback ${environment}${flags} puts it back`,
  };
}

/** Nothing is left but what waits for people. */
function endOf(record: ReleaseRecord, flags: string): WatchEnd {
  const { environment } = record.plan;
  const open = remainingSteps(record.plan, record);
  const verdicts = Object.values(record.checkpoints).map(({ verdict }) => verdict);
  const waits = open.map(({ id }) => `${id}: ${record.steps.get(id)?.summary ?? "could not be judged"}`).join("; ");
  const show = `slipway show ${environment} ${record.id}${flags}`;
  if (verdicts.includes("fail")) {
    const reason = `a checkpoint of ${record.id} has FAILED; it stays live until somebody decides`;
    const undo = !hasPredecessor(record.plan)
      ? insteadOfPuttingBack(environment, flags)
      : `slipway rollback ${environment}${flags} puts it back`;
    return { state: "failed", reason, next: `${show}; ${undo}`, record };
  }
  if (open.length > 0) {
    return {
      state: "unknown",
      reason: waits,
      next: `slipway watch ${environment} --sign-off 'YOUR NAME'${flags}`,
      record,
    };
  }
  const unjudged = record.plan.steps.flatMap(({ window }) =>
    window !== undefined && (record.checkpoints[window]?.verdict ?? "unknown") === "unknown" ? [window] : [],
  );
  if (unjudged.length > 0) {
    // They are no steps any more, and nobody knows: that is no pass, and nothing that a later look could tell either.
    const why = `${record.overtakenBy ?? "another release"} had some of the traffic meanwhile, and went back`;
    const reason = `${record.id} is live, and there is nothing left to judge: its checkpoints ${unjudged.join(", ")} are not judged any more, because ${why}`;
    return { state: "nothing", reason, next: `slipway validate ${environment} --window short${flags}`, record };
  }
  return { state: "passed", reason: `${record.id} has passed all of its checkpoints`, next: show, record };
}

/** @returns undefined where there is more to watch for */
async function judgeDue(
  { release, ledger, handlers }: WatchPorts,
  { holder, once, flags, signal }: WatchOptions,
  { id }: ReleaseRecord,
): Promise<WatchEnd | undefined> {
  const held = await ledger.take(holder);
  try {
    if (release.announcer !== undefined) {
      await tellMissed({ announcer: release.announcer, clock: release.clock }, held, flags);
    }
    const before = releases(await held.read()).find((each) => each.id === id);
    const outcome = await runRelease(release, { held, release: id, handlers: handlers(held), waitFor: "none", signal });
    const { record, state, reason } = outcome;
    if (state === "interrupted") {
      return { ...interrupted(held.environment, flags), record };
    }
    if (state === "put-back" || state === "failed") {
      return { state: "put-back", reason, record, next: `slipway show ${held.environment} ${id}${flags}` };
    }
    return once ? judgedNow(before, record, flags) : undefined;
  } finally {
    await held.release();
  }
}

/** What came of those that were due; the others are yet to come. */
function judgedNow(before: ReleaseRecord | undefined, record: ReleaseRecord, flags: string): WatchEnd {
  const judged = Object.entries(record.checkpoints).filter(
    ([window, { at }]) => Object.entries(before?.checkpoints ?? {}).find(([each]) => each === window)?.[1].at !== at,
  );
  const end = endOf(record, flags);
  const worst = (["fail", "unknown"] as const).find((verdict) => judged.some(([, each]) => each.verdict === verdict));
  const reason = judged.map(([window, { verdict }]) => `checkpoint ${window}: ${verdict}`).join(", ");
  const state = worst === "fail" ? "failed" : worst === "unknown" ? "unknown" : "passed";
  return { ...end, state, reason: `${record.id}: ${reason === "" ? "nothing was due any more" : reason}` };
}

function interrupted(environment: string, flags: string): WatchEnd {
  return { state: "interrupted", reason: "it was asked to stop", next: `slipway watch ${environment}${flags}` };
}
