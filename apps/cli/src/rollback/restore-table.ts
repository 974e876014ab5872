import type { EnvironmentConfig, ReleasePlan, ReleaseReport, TableRestore } from "@slipway/contracts";
import {
  currentFunctions,
  nextReleaseId,
  ReleaseError,
  type ReleaseRecord,
  releases,
  releaseWithTraffic,
  restoredTableName,
  runRelease,
  startRelease,
  type TerraformState,
  unfinishedRelease,
} from "@slipway/release-engine";
import { isUnfinished, planRestore } from "@slipway/release-plan";
import type { CommandIo } from "../command.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { type Deployed, withLease } from "../release/deploy-release.ts";
import type { ReleaseSession } from "../release/release-command.ts";
import { plannedReport } from "../release/release-report.ts";
import { renderPlan, sourceWords } from "../release/render-plan.ts";
import { runDeployment } from "../release/run-deployment.ts";
import { thisActor } from "../release/this-actor.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { UserError } from "../user-error.ts";
import { assertMigrationsKept } from "./assert-migrations-kept.ts";
import { begunMigrations } from "./begun-migrations.ts";
import { type RestoreOptions, type RestoreWish, restoreWish } from "./restore-options.ts";

/**
 * `slipway rollback ENV data --restore`: plans the restore of a table, shows it, asks for the table's name, and does it.
 *
 * @returns what came of it; undefined where the plan was only shown, as text
 * @throws UserError when an option is missing or does not fit, or nobody can be asked
 * @throws ReleaseError when it is refused, or something goes wrong: then it is paused, and can be gone on with
 */
export async function restoreTable(
  session: ReleaseSession,
  options: RestoreOptions,
  io: CommandIo,
  name: string,
): Promise<ReleaseReport | undefined> {
  const { open, target, progress, reported } = session;
  const plan = await planTableRestore(session, options, restoreWish(options), io, name);
  const { restore } = plan.rollsBack ?? {};
  const table = restore?.table ?? "";
  const command = commandOf(name, options, target.flags);
  if (options.plan === true) {
    if (options.output === "json") {
      return plannedReport(reported(), plan);
    }
    io.stdout.write(renderPlan(plan, target.label, io.columns, options.verbose === true));
    io.stdout.write(`\nNothing was changed. To do it: ${command}\n`);
    return undefined;
  }
  if (options.dryRun !== true) {
    await confirm({ options, io, plan, table, where: target.label, stop: () => progress.stop() });
  }
  const actor = await thisActor({ repository: io.cwd, env: io.env, principal: open.principal });
  return runDeployment(session, io, name, async (onHeld): Promise<Deployed> => {
    const outcome = await withLease(open, { actor, command, onHeld, flags: target.flags }, async (held) => {
      // Who restores is who has a hand in it: somebody else approves what Terraform does.
      await startRelease(open.ports, { held, plan, authors: [actor.name] });
      const handlers = open.handlers(held);
      const ended = await runRelease(open.ports, {
        held,
        release: plan.release,
        handlers,
        waitFor: "none",
        signal: io.signal,
      });
      if (!isUnfinished(ended.record)) {
        await open.removePlans();
      }
      return ended;
    });
    return { kind: "outcome", outcome };
  });
}

/** @throws UserError or ReleaseError where it cannot be done, before anything is changed */
async function planTableRestore(
  { open, target }: ReleaseSession,
  options: RestoreOptions,
  { to, keptMs }: RestoreWish,
  { signal, cwd, stderr }: Pick<CommandIo, "signal" | "cwd" | "stderr">,
  name: string,
): Promise<ReleasePlan> {
  const entries = await open.ledger.read(signal);
  const records = releases(entries);
  const unfinished = unfinishedRelease(records);
  if (unfinished !== undefined) {
    throw new ReleaseError({
      kind: "busy",
      what: `${name} has a release that is not finished`,
      why: `${unfinished.id} is ${unfinished.state}${unfinished.reason === undefined ? "" : `: ${unfinished.reason}`}`,
      next: `slipway resume ${name}${target.flags} goes on with it, slipway rollback ${name}${target.flags} puts it back`,
    });
  }
  const live = releaseWithTraffic(records);
  if (live === undefined) {
    throw new UserError(
      `Nothing that Slipway has released runs in ${name} on ${target.label}: a table cannot be switched under it. To release: slipway deploy ${name}${target.flags}`,
    );
  }
  const switches = options.dryRun !== true;
  const source = switches ? await sameSource(open, live, name, signal) : live.plan.source;
  const now = open.ports.clock.now();
  const restore: TableRestore = {
    ...(await placeOf(open, options.table, `${name} on ${target.label}`, { switches, signal })),
    ...{ to, keepUntil: new Date(now + keptMs).toISOString().slice(0, 10) },
  };
  if (!switches) {
    delete restore.variable;
  }
  restore.restored = restoredTableName(restore.table, now);
  const at = await assertRestorable(open, restore, { environment: name, flags: target.flags, now, signal });
  if (switches && options.acceptLostMigrations !== true) {
    const seen = await begunMigrations(open, cwd, records, { phases: ["expand", "contract"], signal });
    if (seen.migrations === undefined) {
      stderr.write(`slipway: whether a migration is lost by it is not known: ${seen.why}\n`);
    }
    const tables = open.environment.data?.tables ?? [];
    const configured = tables.find(({ restoredVariable }) => restoredVariable === restore.variable);
    assertMigrationsKept(
      { environment: name, table: restore.table, name: configured?.name, at },
      seen.migrations ?? [],
    );
  }
  const { approvals, askedBy } = await open.policy(entries);
  return planRestore({
    ...{ environment: name, release: nextReleaseId(records), from: live.id, source, restore, switches },
    ...{ freezes: switches && options.acceptLostWrites !== true, approvals, ...(askedBy && { askedBy }) },
    functions: currentFunctions(live),
  });
}

/** Terraform plans with the files that are checked out: they have to be those of what runs. */
async function sameSource(
  { source }: ReleaseSession["open"],
  live: ReleaseRecord,
  name: string,
  signal: AbortSignal,
): Promise<ReleasePlan["source"]> {
  const now = await source.revision(signal);
  const { commit, tree } = live.plan.source;
  if (now.commit !== commit || now.tree !== tree) {
    throw new ReleaseError({
      kind: "conflict",
      what: `Other files are checked out than those of ${live.id}, which runs in ${name}`,
      why: `it was released from ${sourceWords(live.plan.source)}, and Terraform would plan with other ones`,
      next: commit === null ? "go back to those files" : `git checkout ${commit}, then type the same command again`,
    });
  }
  return now;
}

/** The table that is meant, where Terraform has it, and by which variable it is told which one is in use. */
async function placeOf(
  open: ReleaseSession["open"],
  asked: string | undefined,
  where: string,
  { switches, signal }: { readonly switches: boolean; readonly signal: AbortSignal },
): Promise<Pick<TableRestore, "table" | "restored" | "address" | "variable">> {
  const state = await open.readState(signal);
  const tables = (state?.resources ?? []).flatMap(({ type, address, attributes, id }) => {
    const table = typeof attributes.name === "string" ? attributes.name : id;
    return type === "aws_dynamodb_table" && table !== undefined ? [{ table, address }] : [];
  });
  const names = tables.map(({ table }) => table).join(", ");
  if (asked === undefined && tables.length !== 1) {
    throw new UserError(
      tables.length === 0 ? `${where} has no tables.` : `--table: say which one: ${where} has ${names}.`,
    );
  }
  const found = asked === undefined ? tables[0] : tables.find(({ table }) => table === asked);
  if (found === undefined) {
    throw new UserError(`--table: ${where} has no table '${asked}'. It has ${names === "" ? "none" : names}.`);
  }
  const variable = variableFor(open.environment, state, found.table);
  if (switches && variable === undefined) {
    throw new UserError(
      `Nothing says how Terraform is told that another table takes the place of ${found.table}: give the table of environments.X.data in slipway.config.ts whose output it is a restoredVariable. With --dry-run it can be restored and verified all the same.`,
    );
  }
  return { ...found, restored: found.table, ...(variable === undefined ? {} : { variable }) };
}

function variableFor(
  { data }: EnvironmentConfig,
  state: TerraformState | undefined,
  table: string,
): string | undefined {
  return data?.tables.find(({ output }) => state?.outputs[output] === table)?.restoredVariable;
}

/**
 * What cannot be restored is found out before anything is stopped.
 *
 * @returns the moment that it is restored to, in milliseconds since the epoch
 */
async function assertRestorable(
  open: ReleaseSession["open"],
  { table, to }: TableRestore,
  { environment, flags, now, signal }: { environment: string; flags: string; now: number; signal: AbortSignal },
): Promise<number> {
  const list = `slipway backup ${environment} list${flags} shows what there is to restore from`;
  const refusal = (why: string) =>
    new ReleaseError({ kind: "usage", what: `${table} cannot be restored to that`, why, next: list });
  const backups = open.backups();
  if ("backup" in to) {
    const found = (await backups.list(table, signal)).find(({ arn }) => arn === to.backup);
    if (found === undefined || !found.isUsable) {
      throw refusal(found === undefined ? `it has no backup ${to.backup}` : `the backup ${found.name} cannot be used`);
    }
    return found.createdAt;
  }
  const window = await backups.pointInTime(table, signal);
  const at = Date.parse(to.time);
  if (window === undefined) {
    throw refusal("point-in-time recovery is off");
  } else if (window.since !== null && at < window.since) {
    throw refusal(`point-in-time recovery reaches back to ${new Date(window.since).toISOString()}, not to ${to.time}`);
  } else if (at > now) {
    throw refusal(`${to.time} is yet to come: it is ${new Date(now).toISOString()}`);
  }
  return at;
}

interface Confirmation {
  readonly options: RestoreOptions;
  readonly io: CommandIo;
  readonly plan: ReleasePlan;
  readonly table: string;
  readonly where: string;
  stop(): void;
}

/** @throws UserError when nobody can be asked, or something else is typed; ReleaseError `interrupted` */
async function confirm({ options, io, plan, table, where, stop }: Confirmation): Promise<void> {
  if (options.yes !== undefined) {
    if (options.yes !== table) {
      throw new UserError(`--yes: '${options.yes}' is not the table that would be replaced: ${table}.`);
    }
    return;
  }
  if (io.ask === undefined || options.output === "json") {
    throw new UserError(
      `--yes: is missing, and nobody can be asked here. Look with --plan first; to go on: --yes ${table}`,
    );
  }
  stop();
  io.stderr.write(renderPlan(plan, where, io.columns, false));
  const warning = `${options.acceptLostWrites === true ? "What is written until the switch is lost." : "The table takes no writes until the switch."} What was written since then is not in the restored table.`;
  const answer = await io.ask(
    `${wrapText(escapeControls(warning), io.columns, "").join("\n")}\nType the name of the table to go on: `,
  );
  if (answer?.trim() !== table) {
    throw new ReleaseError({
      kind: "interrupted",
      what: "Nothing was changed",
      why: answer === undefined ? "it was asked to stop" : "what was typed is not the table's name",
      next: "type the same command again",
    });
  }
}

function commandOf(
  name: string,
  { table, toTime, backup, dryRun, acceptLostWrites, acceptLostMigrations }: RestoreOptions,
  flags: string,
): string {
  return [
    `slipway rollback ${name} data --restore`,
    ...(table === undefined ? [] : [`--table ${table}`]),
    ...(toTime === undefined ? [] : [`--to-time ${toTime}`]),
    ...(backup === undefined ? [] : [`--backup ${backup}`]),
    ...(dryRun === true ? ["--dry-run"] : []),
    ...(acceptLostWrites === true ? ["--accept-lost-writes"] : []),
    ...(acceptLostMigrations === true ? ["--accept-lost-migrations"] : []),
  ]
    .join(" ")
    .concat(flags);
}
