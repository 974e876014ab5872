import type { Holder, LedgerEntry, PlanSummary, ReleaseReport } from "@slipway/contracts";
import {
  assertLossConfirmed,
  type BegunMigration,
  decideRollback,
  firstReleaseStays,
  type LeaseRecord,
  lookAtTargets,
  partWords,
  previewRollback,
  ReleaseError,
  type ReleaseRecord,
  type RollbackWay,
  releases,
  restoredWrites,
  restoredWritesWords,
  rollBack,
  SKEW_ALLOWANCE_MS,
  systemClock,
} from "@slipway/release-engine";
import { isUnfinished } from "@slipway/release-plan";
import type { CommandIo } from "../command.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { renderPlanSummary } from "../infrastructure/render-plan-summary.ts";
import { withLease } from "../release/deploy-release.ts";
import type { OpenRelease } from "../release/open-release.ts";
import type { ReleaseSession } from "../release/release-command.ts";
import { plannedReport, releaseReport } from "../release/release-report.ts";
import { renderPlan } from "../release/render-plan.ts";
import { runDeployment } from "../release/run-deployment.ts";
import { thisActor } from "../release/this-actor.ts";
import { holderIsGone } from "../release/this-holder.ts";
import { UserError } from "../user-error.ts";
import { assertCommitThere } from "./assert-commit-there.ts";
import { assertTargetsThere } from "./assert-targets-there.ts";
import { begunMigrations } from "./begun-migrations.ts";
import type { PartRollback, RollbackRequest } from "./part-rollback.ts";
import { putBackWords } from "./put-back-words.ts";
import { removeLeftPlans } from "./remove-left-plans.ts";
import { renderPreview } from "./render-preview.ts";
import { targetsOf } from "./targets-of.ts";

/** Longer than an answer of AWS takes that was under way when its caller lost the lease. */
const CALL_UNDER_WAY_MS = 2_000;
/** What may be otherwise later, and is no fault of who asks. */
const UNREACHABLE: ReadonlySet<string> = new Set(["unreachable", "throttled", "failed"]);

/**
 * Goes back to an earlier release with the code, the infrastructure, or both: puts the newest release back, or makes one of its own. Where
 * the code goes, its traffic goes before anything that is slow.
 */
export const rollBackParts: PartRollback = async (session, request, io) => {
  const { open, target, reported } = session;
  const { name, to, isPlan } = request;
  const at = `${name}${target.flags}`;
  const entries = await orBreakGlass(at, () => open.ledger.read(io.signal));
  const records = releases(entries);
  const { migrations, why } = await begunMigrations(open, io.cwd, records, {
    phases: isPlan ? ["expand", "contract"] : ["contract"],
    signal: io.signal,
  });
  const { parts } = request;
  const question = { parts, ...(to !== undefined && { to }), ...(migrations !== undefined && { migrations }) };
  const decision = decideRollback({ environment: name, records, flags: target.flags, ...question });
  switch (decision.way) {
    case "refused":
      throw decision.refusal;
    case "nothing":
      if (!isPlan) {
        await removeLeftPlans(open);
      }
      return releaseReport(reported(open.apiUrl(decision.record)), decision.record, "nothing-to-do", decision.because);
    case "put-back": {
      const refusal = firstReleaseStays(decision.record, target.flags);
      if (refusal !== undefined) {
        throw refusal;
      }
    }
  }
  if (isPlan) {
    return await show(session, request, io, { decision, entries, records, migrations, why });
  }
  await assertCommitThere({ repository: open.repository, env: io.env, signal: io.signal, environment: name }, decision);
  const asked = { environment: name, records, flags: target.flags, ...(to !== undefined && { to }) };
  await assertTargetsThere(open.functions, decision, asked);
  if (why !== undefined) {
    io.stderr.write(`slipway: whether the data can be read by the code before is not known: ${why}\n`);
  }
  const confirmed =
    decision.way === "put-back" ? await lossConfirmed(session, request, io, decision.record) : request.confirmed;
  const stays = isCodeAlone(parts) ? staysWords({ ...question, name, records, decision, target }) : undefined;
  const actor = await thisActor({ repository: io.cwd, env: io.env, principal: open.principal });
  const reason = `${actor.name}: ${request.reason?.trim() ?? "slipway rollback"}`;
  const report = await runDeployment(session, io, name, async (onHeld) => {
    const command = commandOf(request, target.flags);
    let noticed: number | undefined;
    const outcome = await withLease(
      {
        ports: open.ports,
        ledger: { take: (holder, options) => orBreakGlass(at, () => open.ledger.take(holder, options)) },
      },
      {
        ...{ actor, command, onHeld, flags: target.flags, isUrgent: true },
        ...(request.takesOver && { takeOver: reason }),
        onBroken: (lease) => {
          noticed = othersNoticeBy(lease, holderIsGone);
        },
      },
      async (held) => {
        const handlers = open.handlers(held, noticed === undefined ? {} : { othersNoticeBy: noticed });
        const { signal } = io;
        const ended = await rollBack(open.ports, {
          ...{ held, handlers, reason, signal, ...question },
          ...(confirmed !== undefined && { confirmed }),
        });
        // One that waits for approval may apply its plan yet.
        if (!isUnfinished(ended.record)) {
          await open.removePlans();
        }
        return ended;
      },
    );
    return { kind: "outcome", outcome };
  });
  if (stays !== undefined) {
    io.stderr.write(`${stays}\n`);
  }
  return report;
};

/**
 * What somebody has typed who knows which writes are lost; asked for where it was not said by a flag.
 *
 * @throws ReleaseError `usage` where it was said otherwise, or nobody can be asked
 */
async function lossConfirmed(
  { target, progress }: ReleaseSession,
  request: RollbackRequest,
  io: CommandIo,
  record: ReleaseRecord,
): Promise<readonly string[]> {
  const { confirmed = [], output } = request;
  const loss = restoredWrites(record);
  const typed = [...confirmed];
  if (
    loss !== undefined &&
    record.puttingBack === undefined &&
    confirmed.length === 0 &&
    io.ask !== undefined &&
    output !== "json"
  ) {
    progress.stop();
    const warning = wrapText(`${restoredWritesWords(loss)}.`, io.columns, "").join("\n");
    typed.push(((await io.ask(`${warning}\nType the name of the restored table to go on: `)) ?? "").trim());
  }
  assertLossConfirmed(record, typed, commandOf(request, target.flags));
  return typed;
}

/** @throws ReleaseError which names the way without the ledger, where it can be read or written no more */
export async function orBreakGlass<T>(at: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ReleaseError) || !UNREACHABLE.has(error.kind)) {
      throw error;
    }
    const { kind, what, why, next } = error;
    const way = `slipway rollback ${at} --break-glass --reason "..." goes by the copy of the ledger on this machine`;
    throw new ReleaseError({ kind, what, why, next: `${next}; if users cannot wait: ${way}` }, { cause: error });
  }
}

/** What only the code's way back leaves as it is, and how to take that back, too; undefined where nothing differs. */
function staysWords({
  name: environment,
  records,
  decision,
  target,
  ...question
}: {
  readonly name: string;
  readonly records: readonly ReleaseRecord[];
  readonly decision: RollbackWay;
  readonly target: ReleaseSession["target"];
  readonly to?: string;
  readonly migrations?: readonly BegunMigration[];
}): string | undefined {
  const preview = previewRollback({
    ...{ environment, records, decision, parts: ["code"], problems: [], unknown: [], flags: target.flags },
    migrations: undefined,
    ...question,
  });
  const infrastructure = preview.parts.find(({ part }) => part === "infrastructure");
  if (infrastructure?.differs !== true) {
    return undefined;
  }
  const { lines, command, seconds } = infrastructure;
  const refused = preview.together?.refused ?? undefined;
  const how =
    refused === undefined
      ? `To take it back, too${seconds === null ? "" : ` (about ${seconds} s)`}: ${command}`
      : `It cannot go back: ${refused}`;
  return `slipway: the infrastructure stays as it is (${lines.join("; ")}). ${how}`;
}

function isCodeAlone(parts: RollbackRequest["parts"]): boolean {
  return parts.every((part) => part === "code");
}

/** What it would do, and nothing of it. */
async function show(
  { open, target, reported }: ReleaseSession,
  request: RollbackRequest,
  io: CommandIo,
  found: {
    readonly decision: RollbackWay;
    readonly entries: readonly LedgerEntry[];
    readonly records: readonly ReleaseRecord[];
    readonly migrations: readonly BegunMigration[] | undefined;
    readonly why: string | undefined;
  },
): Promise<ReleaseReport | undefined> {
  const { decision, entries, records, migrations, why } = found;
  const loss = decision.way === "put-back" ? restoredWrites(decision.record) : undefined;
  const confirm = loss === undefined ? "" : ` --confirm ${loss.restored}`;
  const { name, to, output, parts } = request;
  const looked = await lookAtTargets({ reader: open.functions, systemClock }, targetsOf(decision));
  const planned = await planOf(open, request, decision, entries);
  const preview = previewRollback({
    ...{ environment: name, records, decision, parts, migrations, flags: target.flags },
    ...(to !== undefined && { to }),
    ...(planned.plan !== undefined && { plan: planned.plan }),
    problems: looked.problems,
    unknown: [
      ...looked.unknown,
      ...(planned.why === undefined ? [] : [`what Terraform would change: ${planned.why}`]),
      ...(why === undefined ? [] : [`which migrations were run: ${why}`]),
    ],
  });
  if (output === "json") {
    return decision.way === "release"
      ? { ...plannedReport(reported(), decision.plan), preview }
      : {
          ...releaseReport(
            reported(open.apiUrl(decision.record)),
            decision.record,
            "planned",
            putBackWords(decision, to),
          ),
          preview,
        };
  }
  io.stdout.write(renderPreview(preview, target.label, io.columns));
  if (preview.plan?.changed === true) {
    io.stdout.write(`\n${renderPlanSummary(preview.plan, target.label, io.columns)}`);
  }
  const words =
    decision.way === "release"
      ? renderPlan(decision.plan, target.label, io.columns, false)
      : `${wrapText(putBackWords(decision, to), io.columns, "").join("\n")}\n`;
  io.stdout.write(`\n${words}\nNothing was changed. To do it: ${commandOf(request, target.flags)}${confirm}\n`);
  return undefined;
}

/**
 * What Terraform would change, where the infrastructure goes back: planned from the files of the commit, beside everything that is there,
 * and thrown away. Where it cannot be planned the rest is shown all the same.
 */
async function planOf(
  open: OpenRelease,
  { parts }: Pick<RollbackRequest, "parts">,
  decision: RollbackWay,
  entries: readonly LedgerEntry[],
): Promise<{ readonly plan?: PlanSummary; readonly why?: string }> {
  if (!parts.includes("infrastructure")) {
    return {};
  }
  if (decision.way === "put-back") {
    return { why: `${decision.record.id} has to be put back before, and its state may change with that` };
  }
  try {
    return { plan: await open.planBack(decision.way === "release" ? decision.plan : decision.record.plan, entries) };
  } catch (error) {
    if (error instanceof UserError) {
      return { why: error.message };
    }
    if (!(error instanceof ReleaseError) || error.kind === "interrupted") {
      throw error;
    }
    return { why: `${error.what}: ${error.why}`.replaceAll("\n", " ") };
  }
}

/**
 * When whoever had the lease that was taken away must have noticed: none of its calls is begun after the lease's own end, also where it never
 * learns that the lease is gone. At once, where that process is known to be dead.
 */
export function othersNoticeBy(lease: LeaseRecord, isGone: (holder: Holder) => boolean): number | undefined {
  return isGone(lease.holder) ? undefined : Date.parse(lease.expiresAt) + SKEW_ALLOWANCE_MS + CALL_UNDER_WAY_MS;
}

function commandOf({ name, parts, to, takesOver }: RollbackRequest, flags: string): string {
  const words = ["slipway rollback", `${name}${partWords(parts)}`, to && `--to ${to}`, takesOver && "--take-over"];
  return `${words.filter((word) => typeof word === "string" && word !== "").join(" ")}${flags}`;
}
