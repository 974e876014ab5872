import type { ReleasePlan, ReturnedFunction, RollbackPart } from "@slipway/contracts";
import { hasMovedTraffic, planRollback } from "@slipway/release-plan";
import { publishedFunctions } from "../canary/published-functions.ts";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { firstReleaseStays } from "../release/first-release-stays.ts";
import {
  nextReleaseId,
  releaseToPutBack,
  releaseWithTraffic,
  unfinishedRelease,
} from "../release/standing-releases.ts";
import { type Failure, ReleaseError } from "../release-error.ts";
import { backFromRollback } from "./back-from-rollback.ts";
import { commitToPlan } from "./commit-to-plan.ts";
import { type BegunMigration, contractedSince } from "./contracted-since.ts";
import { partWords } from "./part-words.ts";
import { recordedFunctions } from "./recorded-functions.ts";
import { restoredSince } from "./restored-since.ts";
import { tablesInUse } from "./tables-in-use.ts";

/** What is asked, and what the ledger says. */
export interface RollbackQuestion {
  readonly environment: string;
  /** All releases of the environment, oldest first. */
  readonly records: readonly ReleaseRecord[];
  /** What goes back; the code, unless given. */
  readonly parts?: readonly RollbackPart[];
  /** The release to go to; the one before, unless given. */
  readonly to?: string;
  /** Migrations that were begun: code does not go back to where one has taken away since what it needs. */
  readonly migrations?: readonly BegunMigration[];
  /** What commands to type next need after the environment's name: empty, or with a space before it. */
  readonly flags: string;
}

/** What a rollback does, or why it does nothing. */
export type RollbackDecision =
  /** The release ends, and the versions before it have the traffic. */
  | {
      readonly way: "put-back";
      readonly record: ReleaseRecord;
      readonly to: string | null;
      /** The same question is to be asked again after that. */
      readonly goesOn?: true;
      /** Where its traffic goes at once, because it would only pass through the versions before, which may be bad themselves. */
      readonly straight?: readonly ReturnedFunction[];
    }
  /** An earlier rollback to the same release was broken off. */
  | { readonly way: "go-on"; readonly record: ReleaseRecord }
  /** A release of its own. */
  | {
      readonly way: "release";
      readonly plan: ReleasePlan;
      readonly from: ReleaseRecord;
      readonly to: ReleaseRecord;
      /** Functions that the release to go to did not have: they stay as they are. */
      readonly stays: readonly string[];
    }
  | { readonly way: "nothing"; readonly record: ReleaseRecord; readonly because: string }
  | { readonly way: "refused"; readonly refusal: ReleaseError };

/**
 * Decides how a rollback is made, from the ledger alone:
 *
 *     a release is unfinished ----> it is put back; with --to an earlier one, it goes on to that
 *     the unfinished one is a rollback that has moved traffic, and nobody says where to ----> refused, as for a live one
 *     the newest one is live, and goes back to the one before it: only code ----> it is put back
 *     anything else ----> a release of its own, to one that once was live
 *     the live one is a rollback, and nobody says where to ----> refused: back would be forward, to what was bad
 *
 * It is pure, and what `--plan` shows is what is done.
 */
export function decideRollback(question: RollbackQuestion): RollbackDecision {
  const decision = decide(question);
  const { records, migrations = [], parts = ["code"] } = question;
  const target = records.find(({ id }) => id === targetOf(decision, question.to));
  const refusal =
    target === undefined || !parts.includes("code")
      ? undefined
      : // Who puts a restore back lets the table before be written to again.
        ((decision.way === "put-back" && decision.goesOn !== true ? undefined : restoredSince(question, target)) ??
        contractedSince(question, target, migrations));
  return refusal === undefined ? decision : { way: "refused", refusal };
}

/** The release whose code is to run again, where it is not on its way already. */
function targetOf(decision: RollbackDecision, asked: string | undefined): string | null | undefined {
  switch (decision.way) {
    case "put-back":
      return decision.goesOn === true ? asked : decision.to;
    case "release":
      return decision.to.id;
    default:
      return undefined;
  }
}

function decide(question: RollbackQuestion): RollbackDecision {
  const { environment, records, flags, to, parts = ["code"] } = question;
  const target = to === undefined ? undefined : records.find(({ id }) => id === to);
  if (to !== undefined) {
    const refusal = target === undefined ? noSuchRelease(question, to) : neverLive(question, target);
    if (refusal !== undefined) {
      return { way: "refused", refusal };
    }
  }
  const unfinished = unfinishedRelease(records);
  if (unfinished !== undefined) {
    const decision = decideUnfinished(question, unfinished, target);
    return decision.way === "put-back" && decision.goesOn === true ? lookAhead(question, decision, target) : decision;
  }
  const live = releaseWithTraffic(records);
  const newest = releaseToPutBack(records);
  if (live === undefined || newest === undefined) {
    return newest === undefined
      ? refused({
          kind: "usage",
          what: `There is nothing to put back: nothing was released to ${environment} yet`,
          why: "its ledger has no release",
          next: `slipway deploy ${environment}${flags} releases what is checked out`,
        })
      : nothing(newest, `${newest.id} is ${newest.state} already, and nothing released has the traffic`);
  }
  if (target === undefined) {
    return decideWithoutTarget(question, live, newest);
  }
  const isCodeOnly = parts.every((part) => part === "code");
  if (target.id === live.id && isCodeOnly) {
    return nothing(live, `${live.id} has all of the traffic already`);
  }
  if (isCodeOnly && live.plan.rollsBack?.parts.includes("code") && live.plan.rollsBack.to === target.id) {
    return nothing(live, `${live.id} has sent all of the traffic to the versions of ${target.id} already`);
  }
  if (isCodeOnly && live.state === "live" && live.plan.previous === target.id) {
    return { way: "put-back", record: live, to: target.id };
  }
  return (isCodeOnly ? undefined : isBackAlready(question, live, target)) ?? asRelease(question, live, target);
}

function decideUnfinished(
  { environment, flags, parts = ["code"] }: RollbackQuestion,
  unfinished: ReleaseRecord,
  target: ReleaseRecord | undefined,
): RollbackDecision {
  const { rollsBack, previous } = unfinished.plan;
  const movesInfrastructure = parts.includes("infrastructure");
  // Who types the same once more, after an approval for example, means the same; and so does who asks for a part of it.
  const isSame =
    rollsBack !== undefined &&
    (rollsBack.to === target?.id || (target === undefined && movesInfrastructure)) &&
    parts.every((part) => rollsBack.parts.includes(part));
  if (isSame && unfinished.puttingBack === undefined) {
    return { way: "go-on", record: unfinished };
  }
  const turnsRound = target === undefined && rollsBack?.parts.includes("code") === true && hasMovedTraffic(unfinished);
  if (turnsRound && unfinished.puttingBack === undefined) {
    // Back would be forward, to what somebody has just fled from: whoever types it meant what is under way.
    return refused({
      kind: "usage",
      what: `${unfinished.id} of ${environment} is a rollback that is under way, from ${rollsBack.from} to ${rollsBack.to}: it has to be said where to go`,
      why: `the release before it is ${rollsBack.from}, from which it was rolled back ${reasonOf(unfinished)}`,
      next: `slipway rollback ${environment}${partWords(rollsBack.parts)} --to ${rollsBack.to}${flags} goes on with it; slipway rollback ${environment} --to ${rollsBack.from}${flags} takes it back (with --take-over where its process hangs)`,
    });
  }
  const isFurther = movesInfrastructure || (target !== undefined && target.id !== previous);
  return { way: "put-back", record: unfinished, to: previous, ...(isFurther && { goesOn: true }) };
}

/**
 * What comes after an unfinished release is put back: where that is refused, nothing is begun; and where it takes the traffic elsewhere, the
 * traffic goes there at once.
 */
function lookAhead(
  question: RollbackQuestion,
  first: Extract<RollbackDecision, { way: "put-back" }>,
  target: ReleaseRecord | undefined,
): RollbackDecision {
  const { parts = ["code"], records } = question;
  const after = records.map((each) => (each === first.record ? { ...each, state: "put-back" as const } : each));
  const then = decide({ ...question, records: after });
  if (then.way === "refused") {
    return then;
  }
  const isFurther = then.way === "release" || then.way === "put-back";
  const straight =
    target !== undefined && parts.includes("code") && isFurther ? straightTo(first.record, target) : undefined;
  return straight === undefined ? first : { ...first, straight };
}

/** Undefined where a function would be left at a version that nobody has proven: then each goes back to where it was, first. */
function straightTo(record: ReleaseRecord, target: ReleaseRecord): readonly ReturnedFunction[] | undefined {
  const { functions, missing } = recordedFunctions(target);
  const moved = publishedFunctions(record);
  const isLeft = moved.some(
    ({ functionName, changed }) => changed && !functions.some((each) => each.functionName === functionName),
  );
  return missing.length > 0 || isLeft || !hasMovedTraffic(record)
    ? undefined
    : functions.map((each) => ({
        ...each,
        from: moved.find(({ functionName }) => functionName === each.functionName)?.version ?? each.version,
      }));
}

function decideWithoutTarget(question: RollbackQuestion, live: ReleaseRecord, newest: ReleaseRecord): RollbackDecision {
  const { environment, records, flags, parts = ["code"] } = question;
  if (parts.includes("infrastructure")) {
    const standing = infrastructureOf(records, live);
    if (standing !== undefined) {
      return isBackAlready(question, live, standing) ?? asRelease(question, live, standing);
    }
  }
  if (newest.id !== live.id && (newest.state === "put-back" || newest.state === "failed")) {
    const further = predecessorOf(records, live);
    const on =
      further === undefined ? "" : `; to go further back: slipway rollback ${environment} --to ${further}${flags}`;
    return nothing(newest, `${newest.id} is ${newest.state} already; ${live.id} has the traffic${on}`);
  }
  const { rollsBack } = live.plan;
  // Where the infrastructure alone went back, the code has stayed: no code of it can be what was bad.
  if (rollsBack !== undefined && !rollsBack.parts.includes("code") && rollsBack.restore === undefined) {
    const back = `${backFromRollback({ environment, rollsBack }, flags)} takes it back`;
    const from = records.find(({ id }) => id === rollsBack.from);
    const code = rollsBack.to === rollsBack.from ? from && predecessorOf(records, from) : rollsBack.to;
    return refused({
      kind: "usage",
      what: `${live.id} of ${environment} has brought the ${rollsBack.parts.join(" and ")} of ${rollsBack.to} back, and left the code of ${rollsBack.from}: it has to be said where to go`,
      why: `the release before it is ${rollsBack.from}, which has the same code`,
      next:
        parts.includes("code") && code !== undefined
          ? `slipway rollback ${environment} --to ${code}${flags} sends the traffic to the code before; ${back}`
          : back,
    });
  }
  if (rollsBack !== undefined) {
    const to = records.find(({ id }) => id === rollsBack.to);
    const further = to && predecessorOf(records, to);
    const back = `${backFromRollback({ environment, rollsBack }, flags)} undoes it`;
    return refused({
      kind: "usage",
      what: `${live.id} of ${environment} is a rollback itself, from ${rollsBack.from} to ${rollsBack.to}: it has to be said where to go`,
      why: `the release before it is ${rollsBack.from}, from which it was rolled back ${reasonOf(live)}`,
      next:
        further === undefined
          ? back
          : `${back}; slipway rollback ${environment} --to ${further}${flags} goes further back`,
    });
  }
  const refusal = firstReleaseStays(live, flags);
  if (refusal !== undefined) {
    return { way: "refused", refusal };
  }
  if (parts.every((part) => part === "code")) {
    return { way: "put-back", record: live, to: live.plan.previous };
  }
  const target = records.find(({ id }) => id === live.plan.previous);
  return target === undefined
    ? refused({
        kind: "usage",
        what: `${live.id} of ${environment} is the first release in the ledger: its ${parts.join(" and ")} cannot go back by it`,
        why: "what was there before was deployed by hand, and nobody wrote down from which commit",
        next: `slipway rollback ${environment}${flags} sends the traffic back to the versions before it`,
      })
    : asRelease(question, live, target);
}

/**
 * The release whose infrastructure belongs to the code that has the traffic, where that may not be the one that was applied last: a later
 * release was put back, or failed, and what it had applied stayed; or the code has gone back.
 */
function infrastructureOf(records: readonly ReleaseRecord[], live: ReleaseRecord): ReleaseRecord | undefined {
  const isLast = records.at(-1)?.id === live.id;
  return isLast ? records.find(({ id }) => id === live.plan.rollsBack?.to) : live;
}

/** Whoever was killed after the end types the same once more: then nothing else is to happen than the first time. */
function isBackAlready(
  { environment, records, flags, parts = ["code"] }: RollbackQuestion,
  live: ReleaseRecord,
  target: ReleaseRecord,
): RollbackDecision | undefined {
  const { rollsBack } = live.plan;
  // After a release that was put back, the infrastructure alone came to where the code was already.
  const isThere = (part: RollbackPart) =>
    rollsBack?.parts.includes(part) === true || (part === "code" && rollsBack?.from === rollsBack?.to);
  const isIt = rollsBack?.to === target.id && parts.every(isThere);
  if (!isIt || records.at(-1)?.id !== live.id) {
    return undefined;
  }
  const back =
    rollsBack.from === rollsBack.to ? "" : `; ${backFromRollback({ environment, rollsBack }, flags)} takes that back`;
  return nothing(live, `${live.id} has brought the ${parts.join(" and ")} of ${target.id} back already${back}`);
}

function asRelease(question: RollbackQuestion, live: ReleaseRecord, target: ReleaseRecord): RollbackDecision {
  const { environment, records, flags, parts = ["code"] } = question;
  const { functions, missing } = recordedFunctions(target);
  if (parts.includes("code") && (missing.length > 0 || functions.length === 0)) {
    return refused({
      kind: "usage",
      what: `The traffic of ${environment} cannot go to ${target.id}`,
      why:
        missing.length > 0
          ? `the ledger does not say which code ${missing.join(" and ")} had in it`
          : "the ledger has no version of a function of it",
      next: otherTargets(question, target.id) ?? `slipway history ${environment}${flags}`,
    });
  }
  const commit = parts.includes("infrastructure")
    ? commitToPlan(target.plan.source, { environment, to: target.id })
    : undefined;
  if (commit instanceof ReleaseError) {
    return { way: "refused", refusal: commit };
  }
  const staying = parts.includes("code") || !parts.includes("infrastructure") ? [] : stayingFunctions(live, target);
  if (staying instanceof ReleaseError) {
    return { way: "refused", refusal: staying };
  }
  const returned = functions.map(
    (each): ReturnedFunction => ({ ...each, from: versionNow(records, live, each.function) ?? each.version }),
  );
  const inUse = parts.includes("infrastructure") ? tablesInUse(records, target) : undefined;
  const plan = planRollback({
    ...{ environment, parts, from: live.id, to: target.id },
    release: nextReleaseId(records),
    source: target.plan.source,
    functions: parts.includes("code") ? returned : staying,
    ...(inUse && { tablesInUse: inUse }),
  });
  // The infrastructure that is there again does not have those: they go with the later one.
  const stays = parts.includes("infrastructure")
    ? []
    : live.functions.filter(({ name }) => !functions.some((each) => each.function === name));
  return { way: "release", plan, from: live, to: target, stays: stays.map(({ name }) => name) };
}

/**
 * The code that stays where only the infrastructure goes back: a version of it is published again where its configuration has to be another
 * one. Functions that the earlier infrastructure does not have go with the later one, and are none of them.
 */
function stayingFunctions(live: ReleaseRecord, target: ReleaseRecord): ReturnedFunction[] | ReleaseError {
  const { environment } = live.plan;
  const { functions, missing } = recordedFunctions(live);
  const lost = missing.filter((name) => target.functions.some((each) => each.name === name));
  const added = target.functions.filter(({ name }) => !live.functions.some((each) => each.name === name));
  if (lost.length > 0 || added.length > 0) {
    return new ReleaseError({
      kind: "usage",
      what: `The infrastructure of ${environment} cannot go back to ${target.id} by itself`,
      why:
        lost.length > 0
          ? `the ledger does not say which code ${lost.join(" and ")} has`
          : `it has ${added.map(({ name }) => name).join(" and ")}, of which ${live.id} has no code`,
      next: `check out the commit of ${target.id} and slipway deploy ${environment}: that brings code and infrastructure`,
    });
  }
  return functions
    .filter((each) => target.functions.some(({ name }) => name === each.function))
    .map((each) => ({ ...each, from: each.version }));
}

/** The version of a function that has the traffic by the ledger, also where the live release does not have the function. */
function versionNow(records: readonly ReleaseRecord[], live: ReleaseRecord, name: string): string | undefined {
  const standing = records.filter(({ state }) => state === "live" || state === "superseded");
  const record = [live, ...standing.toReversed()].find(({ functions }) => functions.some((each) => each.name === name));
  return record?.functions.find((each) => each.name === name)?.version;
}

/** The release that had the traffic before another one, as far as it can be gone to. */
function predecessorOf(records: readonly ReleaseRecord[], { plan }: ReleaseRecord): string | undefined {
  return records.find(({ id, wasLive }) => id === plan.previous && wasLive === true)?.id;
}

function reasonOf({ startedBy, startedAt }: ReleaseRecord): string {
  return `by ${startedBy} at ${startedAt}`;
}

function noSuchRelease(question: RollbackQuestion, to: string): ReleaseError {
  const { environment, flags } = question;
  return new ReleaseError({
    kind: "not-found",
    what: `--to: there is no release ${to} of ${environment}`,
    why: "its ledger has no such release",
    next: otherTargets(question, to) ?? `slipway history ${environment}${flags}`,
  });
}

function neverLive(question: RollbackQuestion, target: ReleaseRecord): ReleaseError | undefined {
  const { environment, flags } = question;
  if (target.wasLive === true) {
    return undefined;
  }
  const { id, state, reason } = target;
  return new ReleaseError({
    kind: "usage",
    what: `--to: ${id} of ${environment} was never live`,
    why: `it is ${state}${reason === undefined ? "" : `: ${reason}`}; nobody knows whether it works`,
    next: otherTargets(question, id) ?? `slipway history ${environment}${flags}`,
  });
}

const MOST_NAMED = 5;

/** Releases that can be gone to, the newest first, as a command to type; undefined where there is none. */
export function otherTargets(
  { environment, records, flags }: Pick<RollbackQuestion, "environment" | "records" | "flags">,
  but: string,
): string | undefined {
  const live = releaseWithTraffic(records)?.id;
  const ids = records.filter(({ id, wasLive }) => wasLive === true && id !== live && id !== but).map(({ id }) => id);
  const [first, ...rest] = ids.toReversed().slice(0, MOST_NAMED);
  const others = rest.length === 0 ? "" : ` (or ${rest.join(", ")})`;
  return first === undefined ? undefined : `slipway rollback ${environment} --to ${first}${flags}${others}`;
}

function nothing(record: ReleaseRecord, because: string): RollbackDecision {
  return { way: "nothing", record, because };
}

function refused(failure: Failure): RollbackDecision {
  return { way: "refused", refusal: new ReleaseError(failure) };
}
