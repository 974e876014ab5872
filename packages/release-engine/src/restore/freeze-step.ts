import type { StepHandler } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import { freezePolicy, frozenSince, withoutFreeze } from "./freeze-policy.ts";
import { type RestoreDeps, restoreOf } from "./restore-deps.ts";
import { policyOnceBegun, settleWrites } from "./settled-freeze.ts";

/**
 * `data.freeze`: a policy of the table itself denies every write, and it is tried until one after the other is refused. The policy says since when, so that
 * whoever is killed in between does not count the time anew.
 */
export function freezeStep(deps: RestoreDeps): StepHandler<"data.freeze"> {
  const { freezer, clock, systemClock } = deps;
  return async ({ plan, line, signal }) => {
    const { table } = restoreOf(plan);
    const present = await freezer.policy(table, signal);
    const policyBefore = present === undefined ? null : withoutFreeze(present.document);
    let since = present === undefined ? undefined : frozenSince(present.document);
    if (since === undefined) {
      const now = clock.now();
      const frozen = freezePolicy(await freezer.arn(table), policyBefore, now);
      try {
        await freezer.putPolicy(table, frozen, present?.revision);
        since = Math.floor(now / 1000) * 1000;
      } catch (error) {
        since = await sinceEarlierAttempt(deps, table, error);
      }
      line(`${table} has a policy that denies every write`);
    }
    await settleWrites({ freezer, systemClock, signal }, table, "refused");
    const at = new Date(since).toISOString();
    return {
      outcome: "done",
      summary: `${table} takes no writes since ${at}; reads go on`,
      result: { table, since: at, policyBefore },
    };
  };
}

/** Whose policy is in the way may be one of ours, put by an attempt that was killed, and not in what was read yet. @throws what it was */
async function sinceEarlierAttempt({ freezer, systemClock }: RestoreDeps, table: string, error: unknown) {
  const isConflict = error instanceof ReleaseError && error.kind === "conflict";
  const seen = isConflict ? await policyOnceBegun({ freezer, systemClock }, table) : undefined;
  const since = seen && frozenSince(seen.document);
  if (since === undefined) {
    throw error;
  }
  return since;
}
