import type { Actor, GlassReport, GlassTarget, Holder, LedgerEntry } from "@slipway/contracts";
import {
  appliedInfrastructure,
  assertTableTakesWrites,
  decideRollback,
  type FunctionReader,
  fetchHttpClient,
  type HeldLedger,
  type Ledger,
  moveAlias,
  publishedFunctions,
  ReleaseError,
  type ReleaseRecord,
  releases,
  runSmokeTests,
  spacedCalls,
  systemClock,
} from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { GlassJournal } from "../ledger/glass-journal.ts";
import { LedgerCopy } from "../ledger/ledger-copy.ts";
import { localLedgerFolder } from "../ledger/local-folder.ts";
import type { OpenRelease } from "../release/open-release.ts";
import type { ReleaseSession } from "../release/release-command.ts";
import { thisActor } from "../release/this-actor.ts";
import { thisHolder } from "../release/this-holder.ts";
import { UserError } from "../user-error.ts";
import { signWithGitsKey } from "./sign-with-gits-key.ts";

export interface GlassRequest {
  readonly name: string;
  readonly to?: string;
  /** As they were typed: `api-handler=12`. */
  readonly versions: readonly string[];
  readonly reason: string;
  readonly output: "text" | "json";
}

/**
 * Sends the traffic to earlier versions while the ledger cannot be reached. Where to go says the copy of the ledger that this machine keeps,
 * or whoever types it; nobody's lease is asked for, because leases are in the ledger. What is done is written down here, line by line before
 * the next thing is done, and brought into the ledger later.
 *
 * @returns what was done; undefined where it was said as text
 * @throws UserError while the ledger can be reached, and where nobody knows where to go
 */
export async function breakGlass(session: ReleaseSession, request: GlassRequest, io: CommandIo): Promise<GlassReport> {
  const { open, target } = session;
  const { name } = request;
  const actor = await whoTypes(open, io);
  const holder = thisHolder(actor, `slipway rollback ${name} --break-glass`);
  const why = await whyUnreachable(open.ledger, holder, io.signal);
  if (why === undefined) {
    throw new UserError(
      `--break-glass: the ledger of ${name} can be reached, and knows who else is at it. Type slipway rollback ${name}${target.flags}${request.to === undefined ? "" : ` --to ${request.to}`}; where somebody has the lease, with --take-over.`,
    );
  }
  const folder = localLedgerFolder(io.cwd, target);
  const journal = new GlassJournal(folder, name, open.ports.redactor);
  const copied = new LedgerCopy(folder, name);
  const aim = aimOf(request, copied, target.flags);
  io.stderr.write(`slipway: ${copyWords(aim, Date.now())}\n`);
  await assertAsCopied(open.functions, aim, `${name}${target.flags}`);
  journal.append(actor, {
    ...{ type: "glass.broken", reason: request.reason, why },
    ...{ copy: aim.copy, to: aim.to, targets: aim.targets },
  });
  const { moved, notMoved } = await moveAll(open, journal, actor, aim.targets);
  const { verdict, findings } = await verify(open, io, aim);
  journal.append(actor, { type: "verified", verdict: notMoved.length > 0 ? "fail" : verdict, findings });
  const signed = await signWithGitsKey(journal, actor, io);
  return {
    ...{ version: 1, command: "rollback", breakGlass: true, environment: name, target: target.label, to: aim.to },
    ...{ journal: journal.path, signed, moved, notMoved, findings, verdict: notMoved.length > 0 ? "fail" : verdict },
    next: `slipway ledger reconcile ${name}${target.flags}, once the ledger can be reached`,
  };
}

/** What passes, or is AWS's own fault. What is denied or not there is a fault of who asks, and is mended, not gone around. */
const OUT_OF_REACH: ReadonlySet<string> = new Set(["unreachable", "throttled", "failed"]);

/**
 * Why the ledger cannot be worked with, with the patience that every command has; undefined where it can. A table that is read and takes no
 * writes is of no more use: without a lease nothing is begun.
 *
 * @throws ReleaseError where it says what to mend: rights, or the ledger's name
 */
export async function whyUnreachable(
  ledger: { read: Ledger["read"]; take(holder: Holder): Promise<Pick<HeldLedger, "release">> },
  holder: Holder,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    // All of it, as a rollback reads it: that the newest entry can be had is not enough.
    await ledger.read(signal);
    const held = await ledger.take(holder);
    await held.release();
    return undefined;
  } catch (error) {
    // Somebody has the lease: that was read, and would be written.
    if (error instanceof ReleaseError && error.kind === "busy") {
      return undefined;
    }
    if (!(error instanceof ReleaseError) || !OUT_OF_REACH.has(error.kind)) {
      throw error;
    }
    return `${error.what}: ${error.why}`.replaceAll("\n", " ");
  }
}

/** How old what it goes by is: whoever reads that may know better. */
export function copyWords({ copy, last }: Pick<Aim, "copy" | "last">, now: number): string {
  if (copy === null) {
    return "there is no copy of the ledger on this machine: it goes by the versions that were named";
  }
  const minutes = Math.max(0, Math.round((now - Date.parse(copy.at)) / 60_000));
  const age = minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
  return `it goes by the copy of the ledger on this machine, whose last entry is ${age} old (${copy.at})${last === undefined ? "" : `; the last release in it is ${last}`}`;
}

/**
 * Where the copy alone says where to go, the aliases have to be where it says that they are: otherwise somebody has released since, and the
 * release before that is another one. What cannot be read stops nothing.
 *
 * @throws UserError naming the alias that is elsewhere
 */
export async function assertAsCopied(
  reader: Pick<FunctionReader, "readAlias">,
  { targets, mine }: Pick<Aim, "targets" | "mine">,
  at: string,
): Promise<void> {
  await spacedCalls(systemClock, mine === undefined ? [] : targets, 1, async ({ functionName, alias }) => {
    const seen = await reader.readAlias(functionName, alias).catch((error: unknown) => {
      if (error instanceof ReleaseError) {
        return undefined;
      }
      throw error;
    });
    const known = mine?.get(functionName) ?? [];
    if (seen !== undefined && !known.includes(seen.version)) {
      throw new UserError(
        `--break-glass: the alias ${alias} of ${functionName} is at version ${seen.version}, of which the copy of the ledger knows nothing (it says ${known.join(" or ")}): somebody has released since. Nothing was changed. Say where to go: slipway rollback ${at} --break-glass --to RELEASE, or --version FUNCTION=N.`,
      );
    }
  });
}

interface Aim {
  readonly targets: GlassTarget[];
  readonly to: string | null;
  readonly copy: { readonly sequence: number; readonly hash: string; readonly at: string } | null;
  /** The newest release in the copy, and its state. */
  readonly last?: string;
  /** Versions that an alias may be at by the copy, by the function's name on Lambda; only where the copy alone says where to go. */
  readonly mine?: ReadonlyMap<string, readonly string[]>;
  /** Where the API answers, as the copy has it. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * Where the traffic has to go, by the copy of the ledger or by who types.
 *
 * @throws UserError where neither says it; ReleaseError where it is refused, as with the ledger
 */
export function aimOf(
  request: Pick<GlassRequest, "name" | "to" | "versions">,
  copied: Pick<LedgerCopy, "load" | "path">,
  flags: string,
): Aim {
  const { name, to, versions } = request;
  if (to !== undefined && versions.length > 0) {
    throw new UserError("--version: not with --to, which says the versions already.");
  }
  const entries = loadCopy(copied, versions);
  const records = releases(entries);
  const outputs = outputsOf(records);
  const last = entries.at(-1);
  const newest = records.at(-1);
  const about = { outputs, ...(newest !== undefined && { last: `${newest.id} (${newest.state})` }) };
  const copy = last === undefined ? null : { sequence: last.sequence, hash: last.hash, at: last.at };
  if (versions.length > 0) {
    return { targets: versions.map((each) => namedTarget(each, records)), to: null, copy, ...about };
  }
  if (entries.length === 0) {
    throw new UserError(
      `--break-glass: there is no copy of the ledger of ${name} on this machine (${copied.path}), so nobody knows where to go. Name the versions: --version FUNCTION=N, or with its name and alias on Lambda --version NAME:ALIAS=N.`,
    );
  }
  const decision = decideRollback({ environment: name, records, flags, ...(to !== undefined && { to }) });
  switch (decision.way) {
    case "refused":
      throw decision.refusal;
    case "nothing":
      throw new UserError(`--break-glass: ${decision.because}, as far as the copy of the ledger goes.`);
    case "put-back": {
      assertTableTakesWrites(decision.record);
      if (decision.goesOn !== true) {
        const published = publishedFunctions(decision.record).filter(({ changed }) => changed);
        const targets = published.map((each) => ({
          ...{ function: each.name, functionName: each.functionName },
          ...{ alias: each.alias, version: each.previousVersion },
        }));
        const mine = new Map(published.map((each) => [each.functionName, each.mine] as const));
        return {
          ...{ targets: someOf(targets, decision.record.id), to: decision.to, copy, ...about },
          ...(to === undefined && { mine }),
        };
      }
      const further = records.find(({ id }) => id === to);
      return { targets: someOf(versionsOf(further), to ?? ""), to: to ?? null, copy, ...about };
    }
    case "release":
      return { targets: someOf(versionsOf(decision.to), decision.to.id), to: decision.to.id, copy, ...about };
    case "go-on":
      return { targets: returnedOf(decision.record), to: decision.record.plan.rollsBack?.to ?? null, copy, ...about };
  }
}

function loadCopy(copied: Pick<LedgerCopy, "load">, versions: readonly string[]): readonly LedgerEntry[] {
  try {
    return copied.load() ?? [];
  } catch (error) {
    // Who names versions needs no copy.
    if (versions.length > 0 && error instanceof ReleaseError) {
      return [];
    }
    throw error;
  }
}

function someOf(targets: GlassTarget[], release: string): GlassTarget[] {
  if (targets.length === 0) {
    throw new UserError(`--break-glass: ${release} has moved no traffic by the copy of the ledger.`);
  }
  return targets;
}

function versionsOf(record: ReleaseRecord | undefined): GlassTarget[] {
  return (record?.functions ?? []).map(({ name, functionName, alias, version }) => ({
    ...{ function: name, functionName, alias, version },
  }));
}

function returnedOf({ plan }: ReleaseRecord): GlassTarget[] {
  return (plan.rollsBack?.functions ?? []).map(({ function: name, functionName, alias, version }) => ({
    ...{ function: name, functionName, alias, version },
  }));
}

/** `api-handler=12`, `items-prod:live=12`. */
function namedTarget(text: string, records: readonly ReleaseRecord[]): GlassTarget {
  const [, name = "", alias, version = ""] = /^([A-Za-z0-9_-]+)(?::([A-Za-z0-9_-]+))?=(\d+)$/.exec(text) ?? [];
  if (version === "") {
    throw new UserError(`--version: '${text}' is no FUNCTION=N, such as api-handler=12.`);
  }
  if (alias !== undefined) {
    return { function: name, functionName: name, alias, version };
  }
  const known = records.flatMap(({ functions }) => functions).findLast((each) => each.name === name);
  if (known === undefined) {
    throw new UserError(
      `--version: nobody knows what ${name} is called on Lambda, because there is no copy of the ledger that says so. Name it with its alias: --version NAME:ALIAS=${version}.`,
    );
  }
  return { function: name, functionName: known.functionName, alias: known.alias, version };
}

/** Not even AWS may say who it is that night. */
async function whoTypes(open: OpenRelease, { cwd: repository, env }: CommandIo): Promise<Actor> {
  try {
    return await thisActor({ repository, env, principal: open.principal });
  } catch {
    return await thisActor({ repository, env });
  }
}

async function moveAll(
  { functions }: OpenRelease,
  journal: GlassJournal,
  actor: Actor,
  targets: readonly GlassTarget[],
): Promise<Pick<GlassReport, "moved" | "notMoved">> {
  const moved: GlassTarget[] = [];
  const notMoved: GlassReport["notMoved"] = [];
  await spacedCalls(systemClock, targets, 1, async (target) => {
    const { functionName, alias, version } = target;
    const failure = await moveAlias({ deployer: functions, clock: systemClock }, target);
    if (failure === undefined) {
      journal.append(actor, { type: "alias.moved", functionName, alias, version });
      moved.push(target);
    } else {
      const why = `${failure.what}: ${failure.why}`.replaceAll("\n", " ");
      journal.append(actor, { type: "alias.not-moved", functionName, alias, version, why });
      notMoved.push({ functionName, why });
    }
  });
  return { moved, notMoved };
}

async function verify(
  { functions, environment, urlAt }: OpenRelease,
  { signal }: CommandIo,
  { targets, outputs }: Aim,
): Promise<Pick<GlassReport, "verdict" | "findings">> {
  const bad: string[] = [];
  const unknown: string[] = [];
  await spacedCalls(systemClock, targets, 1, async ({ functionName, alias, version }) => {
    try {
      const seen = await functions.readAlias(functionName, alias);
      if (seen.version !== version || Object.keys(seen.weights).length > 0) {
        bad.push(`the alias ${alias} of ${functionName} is at version ${seen.version}, not ${version}`);
      }
    } catch (error) {
      unknown.push(`where the alias ${alias} of ${functionName} is: ${error instanceof Error ? error.message : error}`);
    }
  });
  const url = outputs[environment.api.urlOutput];
  if (typeof url !== "string" || !URL.canParse(url)) {
    unknown.push("how the API answers: no copy of the ledger says where it is");
  } else {
    const ports = { http: fetchHttpClient, clock: systemClock };
    const smoke = await runSmokeTests(ports, urlAt(url), environment.smoke, { signal });
    const failed = [...smoke.steps, ...smoke.cleanup].find(({ outcome }) => outcome === "failed");
    if (!smoke.passed) {
      bad.push(`the API does not answer as it must: ${failed?.name ?? "nothing was asked"}: ${failed?.message ?? ""}`);
    }
  }
  const verdict = bad.length > 0 ? "fail" : unknown.length > 0 ? "unknown" : "pass";
  return { verdict, findings: [...bad, ...unknown].map((each) => each.replaceAll("\n", " ")) };
}

function outputsOf(records: readonly ReleaseRecord[]): Readonly<Record<string, unknown>> {
  return records.map((each) => appliedInfrastructure(each)?.outputs).findLast((each) => each !== undefined) ?? {};
}

/** What was done without the ledger, for people. */
export function renderGlass(report: GlassReport, columns: number): string {
  const { environment, target, to, moved, notMoved, verdict, findings, journal, signed, next } = report;
  const words = { pass: "all is where it should be, and answers", fail: "BAD", unknown: "not all could be seen" };
  const lines = [
    `The ledger of ${environment} could not be reached. ${notMoved.length === 0 ? "All" : "NOT ALL"} of the traffic on ${target} was sent ${to === null ? "to the versions that were named" : `to those of ${to}`}:`,
    ...moved.map((each) => `  ${each.functionName}: ${each.alias} is at version ${each.version}`),
    ...notMoved.map((each) => `  ${each.functionName}: NOT MOVED: ${each.why}`),
    `Looked at afterwards: ${words[verdict]}.`,
    ...findings.map((each) => `  ${each}`),
    `Written down in ${journal}, ${signed ? "signed with the key of git's configuration" : "NOT SIGNED: git's configuration has no SSH key to sign with"}.`,
    `Next: ${next}.`,
  ];
  return `${lines.flatMap((line) => wrapText(line.trimStart(), columns, line.startsWith("  ") ? "  " : "")).join("\n")}\n`;
}
