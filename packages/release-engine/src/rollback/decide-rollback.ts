import type { ReturnedFunction, RollbackPart } from "@slipway/contracts";
import { hasMovedTraffic } from "@slipway/release-plan";
import { publishedFunctions } from "../canary/published-functions.ts";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { firstReleaseStays } from "../release/first-release-stays.ts";
import { releaseToPutBack, releaseWithTraffic, unfinishedRelease } from "../release/standing-releases.ts";
import { backFromRollback } from "./back-from-rollback.ts";
import { contractedSince } from "./contracted-since.ts";
import { partWords } from "./part-words.ts";
import { recordedFunctions } from "./recorded-functions.ts";
import { restoredSince } from "./restored-since.ts";
import { rollbackAsRelease } from "./rollback-as-release.ts";
import { nothing, type RollbackDecision, type RollbackQuestion, refused } from "./rollback-decision.ts";
import { neverLive, noSuchRelease, predecessorOf } from "./rollback-targets.ts";

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
  return (isCodeOnly ? undefined : isBackAlready(question, live, target)) ?? rollbackAsRelease(question, live, target);
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
      return isBackAlready(question, live, standing) ?? rollbackAsRelease(question, live, standing);
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
    : rollbackAsRelease(question, live, target);
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

function reasonOf({ startedBy, startedAt }: ReleaseRecord): string {
  return `by ${startedBy} at ${startedAt}`;
}
