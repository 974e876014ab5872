import type { LedgerEntry, PlannedResource, PlanSummary } from "@slipway/contracts";
import { verifiedBackup } from "../backups/verified-backup.ts";
import type { StepContext } from "../release/step-handler.ts";
import { keepNames } from "./ensure-plan.ts";
import type { InfrastructureSteps } from "./infrastructure-deps.ts";

/** Data that a plan would destroy. */
type Loss = Pick<PlannedResource, "address"> & Required<Pick<PlannedResource, "destroys">>;

/** Findings that say that something is destroyed with the data in it. */
const DESTROYS: ReadonlySet<string> = new Set(["plan.delete-stateful", "plan.replace-stateful"]);

/**
 * Looks whether a rollback may destroy the data that its plan would. A table may go when it can be brought back, and somebody has typed its
 * name: going back is done in haste, and an older commit knows nothing of what was stored since. Of everything else that holds data there
 * is no backup that Slipway could verify, so it goes only where the configuration that is checked out accepts that.
 *
 * This comes beside what people have to approve by name, and takes nothing away from it.
 *
 * @returns how the step ends where it may not; undefined where it may
 */
export async function refuseLoss(
  { entries: readEntries, verifiedBackupHours: hours, confirmed = [], clock, flags, redactor }: InfrastructureSteps,
  context: StepContext,
  summary: PlanSummary,
): Promise<{ readonly outcome: "paused"; readonly summary: string; readonly next: string } | undefined> {
  const losses = lossesOf(summary);
  if (context.plan.rollsBack === undefined || losses.length === 0) {
    return undefined;
  }
  keepNames(redactor, summary);
  const { environment, release } = context.plan;
  const refuse = (what: string, next: string) =>
    ({ outcome: "paused", summary: `it would destroy data: ${what}`, next }) as const;
  const resume = `slipway resume ${environment}${flags}`;

  const kept = losses.find(({ address, destroys: { what, name } }) =>
    what === "table" ? name === undefined : !isAccepted(summary, address),
  );
  if (kept !== undefined) {
    const { what, name } = kept.destroys;
    return refuse(
      `the ${what} ${name ?? kept.address} (${kept.address}), of which there is no backup that can be verified`,
      `take it out of the state, so that it stays (terraform state rm '${kept.address}'), or accept its loss in a reviewed commit (infrastructurePolicy.accepted in slipway.config.ts), then ${resume}; slipway rollback ${environment}${flags} ends this rollback`,
    );
  }

  const entries = await readEntries();
  const tables = losses.flatMap(({ destroys: { what, name } }) =>
    what === "table" && name !== undefined ? [name] : [],
  );
  for (const table of tables) {
    const backup = verifiedBackup(entries, table, { hours, now: clock.now() });
    if ("why" in backup) {
      return refuse(
        `the table ${table}, and ${backup.why}`,
        `slipway backup ${environment} create${flags}, slipway backup ${environment} verify${flags}, then ${resume} --confirm ${table}`,
      );
    }
    context.line(
      `${table} can be restored from ${backup.arn}, as it was at ${backup.madeAt}; what was written since is lost`,
    );
  }

  const typed = new Set([...confirmedBefore(entries, release), ...confirmed]);
  const missing = tables.filter((table) => !typed.has(table));
  if (missing.length > 0) {
    return refuse(
      `the table ${missing.join(", the table ")}, and nobody has typed its name`,
      `${resume} --confirm ${missing.join(" ")}, if that is what you want`,
    );
  }
  const names = tables.filter((table) => !confirmedBefore(entries, release).has(table));
  if (names.length > 0) {
    await context.write({ type: "loss.confirmed", names });
  }
  return undefined;
}

function lossesOf({ resources }: PlanSummary): Loss[] {
  return resources.flatMap(({ address, destroys }) => (destroys === undefined ? [] : [{ address, destroys }]));
}

/** Whether the configuration that is checked out says that it may go. */
function isAccepted({ findings }: PlanSummary, address: string): boolean {
  return findings.some((each) => DESTROYS.has(each.id) && each.address === address && each.status === "waived");
}

/** What was typed for this release, by whoever went on with it. */
function confirmedBefore(entries: readonly LedgerEntry[], release: string): ReadonlySet<string> {
  return new Set(
    entries.flatMap(({ release: of, body }) => (of === release && body.type === "loss.confirmed" ? body.names : [])),
  );
}
