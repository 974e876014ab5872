import type { StepHandler } from "../release/step-handler.ts";
import { waitUntil } from "../wait-until.ts";
import { freezePolicy, frozenSince, withoutFreeze } from "./freeze-policy.ts";
import { type RestoreDeps, restoreOf } from "./restore-deps.ts";

/** AWS says of a policy that it holds for all requests after some time, mostly seconds. */
const IN_FORCE_TIMEOUT_MS = 5 * 60_000;

/**
 * `data.freeze`: a policy of the table itself denies every write, and it is tried until one is refused. The policy says since when, so that
 * whoever is killed in between does not count the time anew.
 */
export function freezeStep({ freezer, clock, systemClock }: RestoreDeps): StepHandler<"data.freeze"> {
  return async ({ plan, line, signal }) => {
    const { table } = restoreOf(plan);
    const present = await freezer.policy(table, signal);
    const policyBefore = present === undefined ? null : withoutFreeze(present.document);
    let since = present === undefined ? undefined : frozenSince(present.document);
    if (since === undefined) {
      const now = clock.now();
      await freezer.putPolicy(table, freezePolicy(await freezer.arn(table), policyBefore, now), present?.revision);
      since = Math.floor(now / 1000) * 1000;
      line(`${table} has a policy that denies every write`);
    }
    await waitUntil(systemClock, {
      what: `the freeze of ${table}, which still takes writes,`,
      timeoutMs: IN_FORCE_TIMEOUT_MS,
      look: () => freezer.refusesWrites(table, signal),
      isOver: (refuses) => refuses,
      signal,
    });
    const at = new Date(since).toISOString();
    return {
      outcome: "done",
      summary: `${table} takes no writes since ${at}; reads go on`,
      result: { table, since: at, policyBefore },
    };
  };
}
