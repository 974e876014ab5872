import {
  decideRollback,
  firstReleaseStays,
  leaseIsHeld,
  releases,
  rollBack,
  SKEW_ALLOWANCE_MS,
} from "@slipway/release-engine";
import { withLease } from "../release/deploy-release.ts";
import type { OpenRelease } from "../release/open-release.ts";
import { plannedReport, releaseReport } from "../release/release-report.ts";
import { renderPlan } from "../release/render-plan.ts";
import { runDeployment } from "../release/run-deployment.ts";
import { thisActor } from "../release/this-actor.ts";
import { holderIsGone } from "../release/this-holder.ts";
import type { PartRollback, RollbackRequest } from "./part-rollback.ts";
import { putBackWords } from "./put-back-words.ts";

/** Longer than an answer of AWS takes that was under way when its caller lost the lease. */
const CALL_UNDER_WAY_MS = 2_000;

/** Sends the traffic to earlier versions: puts the newest release back, or goes to any other that was live. */
export const rollBackCode: PartRollback = async (session, request, io) => {
  const { open, target, reported } = session;
  const { name, to, isPlan, output } = request;
  const records = releases(await open.ledger.read(io.signal));
  const decision = decideRollback({
    ...{ environment: name, records, flags: target.flags },
    ...(to !== undefined && { to }),
  });
  switch (decision.way) {
    case "refused":
      throw decision.refusal;
    case "nothing":
      return releaseReport(reported(open.apiUrl(decision.record)), decision.record, "nothing-to-do", decision.because);
    case "put-back": {
      const refusal = firstReleaseStays(decision.record, target.flags);
      if (refusal !== undefined) {
        throw refusal;
      }
    }
  }
  if (isPlan) {
    if (decision.way === "release") {
      const report = plannedReport(reported(), decision.plan);
      if (output === "json") {
        return report;
      }
      io.stdout.write(renderPlan(decision.plan, target.label, io.columns, false));
    } else {
      const { record } = decision;
      const words = putBackWords(decision, to);
      if (output === "json") {
        return releaseReport(reported(open.apiUrl(record)), record, "planned", words);
      }
      io.stdout.write(`${words}\n`);
    }
    io.stdout.write(`Nothing was changed. To do it: ${commandOf(request, target.flags)}\n`);
    return undefined;
  }
  const actor = await thisActor({ repository: io.cwd, env: io.env, principal: open.principal });
  const reason = `${actor.name}: ${request.reason?.trim() ?? "slipway rollback"}`;
  return runDeployment(session, io, name, async (onHeld) => {
    const command = commandOf(request, target.flags);
    const noticed = request.takesOver ? await othersNoticeBy(open) : undefined;
    const outcome = await withLease(
      open,
      {
        ...{ actor, command, onHeld, flags: target.flags, isUrgent: true },
        ...(request.takesOver && { takeOver: reason }),
      },
      async (held) => {
        const handlers = open.handlers(held, noticed === undefined ? {} : { othersNoticeBy: noticed });
        const { signal } = io;
        const ended = await rollBack(open.ports, { held, handlers, reason, signal, ...(to !== undefined && { to }) });
        await open.removePlans();
        return ended;
      },
    );
    return { kind: "outcome", outcome };
  });
};

/** When whoever has the lease now must have noticed that it was taken away; undefined where nobody is there to notice. */
async function othersNoticeBy({ ledger, ports: { systemClock }, environment }: OpenRelease) {
  const lease = (await ledger.head())?.lease;
  if (lease === undefined || lease === null || !leaseIsHeld(lease, systemClock.now()) || holderIsGone(lease.holder)) {
    return undefined;
  }
  // It gives a sign of life in every third of its lease, and learns then that it has none.
  const beatMs = (environment.release.leaseSeconds * 1_000) / 3;
  return systemClock.now() + beatMs + SKEW_ALLOWANCE_MS + CALL_UNDER_WAY_MS;
}

function commandOf({ name, part, to, takesOver }: RollbackRequest, flags: string): string {
  const words = ["slipway rollback", name, part, to && `--to ${to}`, takesOver && "--take-over"];
  return `${words.filter((word) => typeof word === "string" && word !== "").join(" ")}${flags}`;
}
