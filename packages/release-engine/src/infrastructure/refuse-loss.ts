import { shellQuote } from "@slipway/analysis";
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
 * Looks whether a rollback may destroy the data that its plan would. Somebody has to type the name of each, because going back is done in haste,
 * and an older commit knows nothing of what was stored since. A table may go only when it can be brought back, too. Of everything else that
 * holds data there is no backup that Slipway could verify, and that is said where the name is asked for; only what the configuration in
 * force accepts goes without.
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
  const others = (address: string) =>
    `or take it out of the state, so that it stays (terraform state rm '${address}'), then ${resume}; slipway rollback ${environment}${flags} ends this rollback`;

  const nameless = losses.find(({ destroys: { what, name } }) => isOfTable(what) && name === undefined);
  if (nameless !== undefined) {
    const { address } = nameless;
    return refuse(
      `the table ${address}, whose name is not known, so that no backup of it can be looked for`,
      others(address).replace(/^or /, ""),
    );
  }

  const entries = await readEntries();
  const tables = losses.flatMap(({ destroys: { what, name } }) =>
    isOfTable(what) && name !== undefined ? [name] : [],
  );
  for (const table of new Set(tables)) {
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

  const before = confirmedBefore(entries, release);
  const typed = new Set([...before, ...confirmed]);
  const asked = losses.filter(({ address, destroys: { what } }) => isOfTable(what) || !isAccepted(summary, address));
  const missing = asked.filter((loss) => !typed.has(typedName(loss)));
  const [first] = missing;
  if (first !== undefined) {
    const words = missing.map(
      ({ address, destroys: { what, name } }) =>
        `the ${what} ${name ?? address}${isOfTable(what) ? "" : ` (${address}), of which there is no backup that can be verified`}`,
    );
    const names = [...new Set(missing.map(typedName))];
    return refuse(
      `${words.join(", ")}, and nobody has typed ${names.length === 1 ? "its name" : "their names"}`,
      `${resume} --confirm ${names.map(shellQuote).join(" ")}, if that is what you want; ${others(first.address)}`,
    );
  }
  const names = [...new Set(asked.map(typedName))].filter((name) => !before.has(name));
  if (names.length > 0) {
    await context.write({ type: "loss.confirmed", names });
  }
  return undefined;
}

function lossesOf({ resources }: PlanSummary): Loss[] {
  return resources.flatMap(({ address, destroys }) => (destroys === undefined ? [] : [{ address, destroys }]));
}

/** Whether the configuration in force says that it may go. */
function isAccepted({ findings }: PlanSummary, address: string): boolean {
  return findings.some((each) => DESTROYS.has(each.id) && each.address === address && each.status === "waived");
}

/** Whether it is a table, or something of it that a backup of the table has. */
function isOfTable(what: string): boolean {
  return /(^| of the )table$/.test(what);
}

/** What has to be typed: the name that AWS has for it, and Terraform's where that one may not be told. */
function typedName({ address, destroys: { name } }: Loss): string {
  return name ?? address;
}

/** What was typed for this release, by whoever went on with it. */
function confirmedBefore(entries: readonly LedgerEntry[], release: string): ReadonlySet<string> {
  return new Set(
    entries.flatMap(({ release: of, body }) => (of === release && body.type === "loss.confirmed" ? body.names : [])),
  );
}
