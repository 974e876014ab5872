import type { HeldLedger } from "../ledger/ledger.ts";
import { releases } from "../ledger/releases.ts";
import { putBack } from "../release/put-back.ts";
import type { ReleaseOutcome } from "../release/release-outcome.ts";
import type { ReleasePorts } from "../release/release-ports.ts";
import { runRelease } from "../release/run-release.ts";
import { startRelease } from "../release/start-release.ts";
import type { StepHandlers } from "../release/step-handler.ts";
import { decideRollback } from "./decide-rollback.ts";
import { assertLossConfirmed } from "./restored-writes.ts";
import { rollbackAuthors } from "./rollback-authors.ts";
import type { RollbackDecision, RollbackQuestion } from "./rollback-decision.ts";

export interface RollBackOptions extends Pick<RollbackQuestion, "parts" | "to" | "migrations"> {
  readonly held: HeldLedger;
  readonly handlers: StepHandlers;
  /** Who wants it and why, in one line for the ledger. */
  readonly reason: string;
  /** Restored tables whose writes may be lost by putting their release back: typed as AWS calls them. */
  readonly confirmed?: readonly string[];
  /** Ctrl-C was typed once: the step that is under way is finished, unless it puts traffic back, and no other is begun. */
  readonly signal?: AbortSignal;
}

/**
 * Rolls an environment back, as {@link decideRollback} decides on the ledger as it is now: after each part of the way it is asked again, so
 * that whoever was killed in between types the same command once more.
 *
 * @throws {ReleaseError} why it is refused; what went wrong in a step, and then `slipway resume` and the same command go on with it
 */
export async function rollBack(
  ports: ReleasePorts,
  { held, handlers, reason, confirmed = [], signal, parts, to, migrations }: RollBackOptions,
): Promise<ReleaseOutcome> {
  for (;;) {
    const records = releases(await held.read());
    const decision = decideRollback({
      ...{ environment: held.environment, flags: ports.flags ?? "", records },
      ...(parts !== undefined && { parts }),
      ...(to !== undefined && { to }),
      ...(migrations !== undefined && { migrations }),
    });
    switch (decision.way) {
      case "refused":
        throw decision.refusal;
      case "nothing": {
        const { record, because } = decision;
        return { state: record.state === "running" ? "paused" : record.state, reason: because, record, pending: [] };
      }
      case "put-back": {
        const words = ["slipway rollback", held.environment, ...(to === undefined ? [] : [`--to ${to}`])];
        assertLossConfirmed(decision.record, confirmed, `${words.join(" ")}${ports.flags ?? ""}`);
        const release = decision.record.id;
        if (decision.goesOn !== true) {
          return await putBack(ports, { held, release, handlers, reason });
        }
        await putBack(ports, { held, release, handlers: passing(handlers, decision, to), reason });
        break;
      }
      case "release": {
        const { plan, from, to: target } = decision;
        await startRelease(ports, {
          ...{ held, plan, reason },
          ...rollbackAuthors(records, { from: from.id, to: target.id }),
        });
        return await run(plan.release);
      }
      case "go-on":
        return await run(decision.record.id);
    }
  }

  function run(release: string): Promise<ReleaseOutcome> {
    return runRelease(ports, { held, release, handlers, waitFor: "none", ...(signal !== undefined && { signal }) });
  }
}

/**
 * Where the traffic would only stop for a moment, it goes on at once, and nobody waits there for CloudWatch: it would be at what may be bad
 * meanwhile. That nobody has looked is written down; whoever is killed before and resumes goes back to the versions before, stays there, and
 * looks.
 */
function passing(
  handlers: StepHandlers,
  { record, straight }: Extract<RollbackDecision, { way: "put-back" }>,
  to: string | undefined,
): StepHandlers {
  const why = `how it is answered there: the rollback goes on at once${to === undefined ? "" : `, to ${to}`}`;
  const restore: StepHandlers["traffic.restore"] = async (context) => {
    if (straight === undefined || to === undefined) {
      return await handlers["traffic.restore"](context);
    }
    const rollsBack = { from: record.id, to, parts: ["code" as const], functions: [...straight] };
    const end = await handlers["traffic.return"]({ ...context, plan: { ...context.plan, rollsBack } });
    return { ...end, summary: `straight to those of ${to}: ${end.summary}` };
  };
  return {
    ...handlers,
    "traffic.restore": restore,
    "traffic.verify": async () => ({
      outcome: "done",
      summary: `not looked at: the rollback goes on at once${to === undefined ? "" : `, to ${to}`}`,
      result: { verdict: "unknown", bad: [], unknown: [why], functions: [] },
    }),
  };
}
