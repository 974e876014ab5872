import type { ReturnedFunction } from "@slipway/contracts";
import { planRollback } from "@slipway/release-plan";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { nextReleaseId } from "../release/standing-releases.ts";
import { ReleaseError } from "../release-error.ts";
import { commitToPlan } from "./commit-to-plan.ts";
import { recordedFunctions } from "./recorded-functions.ts";
import { type RollbackDecision, type RollbackQuestion, refused } from "./rollback-decision.ts";
import { otherTargets } from "./rollback-targets.ts";
import { tablesInUse } from "./tables-in-use.ts";

/** The way back as a release of its own, from what has the traffic to an earlier release. */
export function rollbackAsRelease(
  question: RollbackQuestion,
  live: ReleaseRecord,
  target: ReleaseRecord,
): RollbackDecision {
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
