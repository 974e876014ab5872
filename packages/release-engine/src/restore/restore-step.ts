import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import type { StepContext, StepHandler } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import { waitUntil } from "../wait-until.ts";
import { type RestoreDeps, restoreOf } from "./restore-deps.ts";

/** AWS restores large tables in hours. */
const RESTORE_TIMEOUT_MS = 24 * 3_600_000;
const SAY_EVERY_MS = 60_000;
const LONGEST_PAUSE_MS = 30_000;

/** `data.restore`: restores to the table that the plan names, which may be under way, or there, since an earlier attempt. */
export function restoreStep(deps: RestoreDeps): StepHandler<"data.restore"> {
  return async (context) => {
    const { plan, line, signal } = context;
    const { table, restored, to } = restoreOf(plan);
    const { restorer, systemClock } = deps;
    let state = await restorer.state(restored);
    if (state === "none") {
      if ("time" in to) {
        await reachSecond(deps, context, table, to.time);
      }
      assertNotInterrupted(signal, `before ${table} was restored`);
      await restorer.begin(table, to, restored);
      line(`restoring to ${restored}`);
    }
    const startedAt = systemClock.now();
    let saidAt = startedAt;
    state = await waitUntil(systemClock, {
      what: `the restore to ${restored}`,
      timeoutMs: RESTORE_TIMEOUT_MS,
      look: () => restorer.state(restored),
      isOver: (seen) => {
        if (systemClock.now() - saidAt >= SAY_EVERY_MS) {
          saidAt = systemClock.now();
          line(`still restoring, for ${Math.round((saidAt - startedAt) / 60_000)} min`, { isWait: true });
        }
        return seen === "ready" || seen === "deleting";
      },
      signal,
    });
    if (state === "deleting") {
      throw new ReleaseError({
        kind: "conflict",
        what: `The table ${restored} is being deleted`,
        why: "somebody else does that: this rollback needs it",
        next: `slipway resume ${plan.environment}${deps.flags} restores it again once it is gone`,
      });
    }
    return {
      outcome: "done",
      summary: `${restored} is there, ${"time" in to ? `as ${table} was just before ${to.time}` : `from ${to.backup}`}`,
      result: { table: restored, watchedMs: Math.max(0, systemClock.now() - startedAt) },
    };
  };
}

/** A table can be restored to a second some minutes after it. */
async function reachSecond(
  { restorer, clock }: RestoreDeps,
  { line, signal, plan: { environment } }: StepContext,
  table: string,
  time: string,
): Promise<void> {
  const second = Date.parse(time);
  for (let isSaid = false; ; isSaid = true) {
    const window = await restorer.window(table, signal);
    if (window === undefined || (window.since !== null && second < window.since)) {
      throw new ReleaseError({
        kind: "usage",
        what: `${table} cannot be restored to ${time}`,
        why:
          window === undefined
            ? "point-in-time recovery is off"
            : `it can be restored to seconds since ${new Date(window.since ?? 0).toISOString()} only`,
        next: `slipway backup ${environment} list shows what there is to restore from`,
      });
    }
    const missing = window.until === null ? 0 : second - window.until;
    if (missing <= 0) {
      return;
    }
    if (!isSaid) {
      line(`${table} can be restored to ${time} in about ${Math.ceil(missing / 1000)} s`, { isWait: true });
    }
    assertNotInterrupted(signal, `before ${table} could be restored to ${time}`);
    await clock.sleep(Math.min(missing + 1000, LONGEST_PAUSE_MS), signal);
  }
}
