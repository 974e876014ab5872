import type { BackupVerification } from "@slipway/release-engine";
import type { OpenedBackups } from "../backups/open-backups.ts";
import type { PruneResult } from "../backups/prune-environment-backups.ts";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { FailedWith } from "../failed-with.ts";
import { parseDuration } from "../parse-duration.ts";
import { isRefusal } from "../refusal.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { UserError } from "../user-error.ts";

type Action = "create" | "list" | "verify" | "prune";

interface BackupOptions extends TargetOptions {
  readonly table?: readonly string[];
  readonly name?: string;
  readonly backup?: string;
  readonly sample?: string;
  readonly timeout?: string;
  readonly keep?: string;
  readonly maxAge?: string;
  readonly plan?: boolean;
  readonly yes?: boolean;
  readonly output?: "text" | "json";
}

const BAD = 1;
const NOT_FOUND_OUT = 2;
const INTERRUPTED = 130;
const DEFAULT_SAMPLE = "200";
const MOST_SAMPLED = 10_000;
const DEFAULT_TIMEOUT = "4h";
const NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/** Which options belong to which action; those of all are not in it. */
const OWN_OPTIONS: Readonly<Partial<Record<keyof BackupOptions, { readonly flag: string; readonly of: Action }>>> = {
  name: { flag: "--name", of: "create" },
  backup: { flag: "--backup", of: "verify" },
  sample: { flag: "--sample", of: "verify" },
  timeout: { flag: "--timeout", of: "verify" },
  keep: { flag: "--keep", of: "prune" },
  maxAge: { flag: "--max-age", of: "prune" },
  plan: { flag: "--plan", of: "prune" },
  yes: { flag: "--yes", of: "prune" },
};

/** `slipway backup`: on-demand backups of an environment's tables, made, shown, proven and cleared away. */
export const backup: Command = {
  name: "backup",
  summary:
    "make, list, verify and prune backups of an environment's tables; exit code 1 when a backup cannot be relied on or pruning is refused, 2 when something could not be found out",
  failureCode: NOT_FOUND_OUT,
  arguments: [
    { name: "<environment>", description: "as in slipway.config.ts" },
    {
      name: "<action>",
      description: "verify restores a backup to a table of its own, compares it, and deletes that table again",
      choices: ["create", "list", "verify", "prune"],
    },
  ],
  options: [
    {
      flags: "--table <names...>",
      description: "these tables only (default: all in the Terraform state; list and verify take them without it, too)",
    },
    { flags: "--name <word>", description: "create: a word in the backups' names" },
    { flags: "--backup <name>", description: "verify: name or ARN (default: the newest that Slipway made)" },
    {
      flags: "--sample <n>",
      description: `verify: keys chosen by chance that are looked for in the other table (default: ${DEFAULT_SAMPLE})`,
    },
    { flags: "--timeout <duration>", description: `verify: how long a restore may take (default: ${DEFAULT_TIMEOUT})` },
    { flags: "--keep <n>", description: "prune: keep so many of the newest of each table" },
    { flags: "--max-age <duration>", description: "prune: keep those that are younger, such as 30d" },
    { flags: "--plan", description: "prune: show what would be deleted, and change nothing" },
    { flags: "--yes", description: "prune: without being asked; needed where nobody sits at a terminal" },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: [
    "slipway backup prod create --name before-move",
    "slipway backup prod list",
    "slipway backup prod verify",
    "slipway backup prod prune --keep 7 --max-age 30d",
  ],
  json: { documents: ["backup-creation", "backup-list", "backup-verification", "backup-pruning"] },
  async run(options: BackupOptions, io: CommandIo, [environment = "", word = ""]: readonly string[]): Promise<number> {
    const action = word as Action;
    checkOptions(options, action);
    const { openBackups } = await import("../backups/open-backups.ts");
    const work = ACTIONS[action](options);
    const opened = await openBackups(options, io, environment, {
      names: options.table ?? [],
      withoutState: action === "list" || action === "verify",
    });
    try {
      const { code, report, text } = await work(opened, io);
      opened.progress.stop();
      const head = { version: 1, environment, target: opened.target.label, action };
      io.stdout.write(options.output === "json" ? `${JSON.stringify({ ...head, ...report })}\n` : text);
      return code;
    } catch (error) {
      opened.progress.stop();
      if (isRefusal(error)) {
        throw new FailedWith(BAD, error);
      }
      throw error;
    } finally {
      opened.close();
    }
  },
};

interface Result {
  readonly code: number;
  readonly report: object;
  readonly text: string;
}

type Work = (opened: OpenedBackups, io: CommandIo) => Promise<Result>;

/** Each reads its options first: what is wrong with them is said before anything is asked of AWS. */
const ACTIONS: Readonly<Record<Action, (options: BackupOptions) => Work>> = {
  create({ name }) {
    if (name !== undefined && !NAME.test(name)) {
      throw new UserError(`--name: '${name}' is no word of up to 100 letters, digits, dots, hyphens and underscores.`);
    }
    return async (opened, io) => {
      const { createBackups, runPhase, systemClock } = await import("@slipway/release-engine");
      const { DynamoTables } = await import("@slipway/aws");
      const { backups, clients, environment, target, tables, progress } = opened;
      const tableBackups = new DynamoTables(clients.dynamodb);
      const by = await actorOf(opened, io);
      const { value: made } = await runPhase(
        { clock: systemClock, progress },
        { phase: `${environment}.backup`, title: `back up ${environment}` },
        async (onLine) => {
          const value = await createBackups(
            {
              ...{ ledger: opened.opened.ledger, clock: opened.opened.clock },
              backups: {
                create: (table, backupName, signal) => tableBackups.create(table, backupName, signal),
                describe: (arn, signal) => backups.describe(arn, signal),
              },
            },
            { tables, by, onLine, signal: io.signal, ...(name === undefined ? {} : { label: name }) },
          );
          return { value, summary: `${value.length} made` };
        },
      );
      const lines = made.map(({ table, name: called, arn }) => `${table}: ${called}\n  ${arn}\n`);
      const next = `To know whether it can be relied on: slipway backup ${environment} verify${target.flags}`;
      return { code: 0, report: { backups: made }, text: `${lines.join("")}${wrapped(next, io)}` };
    };
  },

  list() {
    return async (opened, io) => {
      const [{ listBackups }, { renderBackups }] = await Promise.all([
        import("@slipway/release-engine"),
        import("../backups/render-backups.ts"),
      ]);
      const { entries, note } = await opened.entries();
      const { environment, target } = opened;
      const listed = await listBackups(opened.backups, {
        ...{ environment, tables: opened.tables, entries, signal: io.signal },
      });
      if (note !== undefined) {
        io.stderr.write(`slipway: ${note}\n`);
      }
      const place = { environment, target: target.label, flags: target.flags };
      const report = { ...isoTimes(listed), note: note ?? null };
      return { code: 0, report, text: renderBackups(listed.tables, listed.leftBehind, place, io.columns) };
    };
  },

  verify({ backup: asked, sample = DEFAULT_SAMPLE, timeout = DEFAULT_TIMEOUT }) {
    if (!/^[1-9]\d{0,4}$/.test(sample) || Number(sample) > MOST_SAMPLED) {
      throw new UserError(`--sample: '${sample}' is no number from 1 to ${MOST_SAMPLED.toLocaleString("en-US")}.`);
    }
    const timeoutMs = parseDuration(timeout, "--timeout");
    return async (opened, io) => {
      const [{ verifyBackups }, { renderEvidence }] = await Promise.all([
        import("../backups/verify-backups.ts"),
        import("../terminal/render-evidence.ts"),
      ]);
      const { signal } = io;
      const explain = () => io.stderr.write("\nAsked to stop: the table of the verification is deleted first.\n");
      signal.addEventListener("abort", explain, { once: true });
      try {
        const by = await actorOf(opened, io);
        const request = { by, backup: asked, sample: Number(sample), timeoutMs, signal };
        const verifications = await verifyBackups(opened, request);
        const text = verifications
          .map((each) => `${renderEvidence(each.evidence, io.columns)}\n${wrapped(verdictWords(each), io)}`)
          .join("\n");
        return { code: verdictCode(verifications), report: { verifications }, text };
      } finally {
        signal.removeEventListener("abort", explain);
      }
    };
  },

  prune({ keep, maxAge, plan, yes, output }) {
    if (keep === undefined && maxAge === undefined) {
      throw new UserError("--keep, --max-age: give one of them, or both: what neither keeps is deleted.");
    }
    if (keep !== undefined && !/^[1-9]\d{0,3}$/.test(keep)) {
      throw new UserError(`--keep: '${keep}' is no number from 1 to 9999.`);
    }
    const maxAgeMs = maxAge === undefined ? undefined : parseDuration(maxAge, "--max-age");
    return async (opened, io) => {
      const [{ pruneEnvironmentBackups }, { renderPruning }] = await Promise.all([
        import("../backups/prune-environment-backups.ts"),
        import("../backups/render-backups.ts"),
      ]);
      const by = await actorOf(opened, io);
      const result = await pruneEnvironmentBackups(opened, io, {
        ...{ by, keep: keep === undefined ? undefined : Number(keep), maxAgeMs },
        ...{ planOnly: plan === true, yes: yes === true, mayAsk: output !== "json" },
      });
      const shown = result.decisions.length === 0 ? "" : renderPruning(result.decisions, io.columns);
      return { code: pruneCode(result), report: isoTimes(result), text: `${shown}${wrapped(pruneWords(result), io)}` };
    };
  },
};

function checkOptions(options: BackupOptions, action: Action): void {
  for (const [key, { flag, of }] of Object.entries(OWN_OPTIONS)) {
    if (of !== action && options[key as keyof BackupOptions] !== undefined) {
      throw new UserError(`${flag}: is for ${of}, not for ${action}.`);
    }
  }
}

async function actorOf({ repository, opened }: OpenedBackups, { env }: CommandIo) {
  const { thisActor } = await import("../release/this-actor.ts");
  return thisActor({ repository, env, principal: opened.principal });
}

function verdictWords({ table, arn, verdict, items, digest }: BackupVerification): string {
  const name = `The backup ${arn.split("/").at(-1)} of ${table}`;
  switch (verdict) {
    case "pass":
      return `${name} can be relied on: ${items?.toLocaleString("en-US")} items, digest ${digest}. The table that it was restored to is deleted.`;
    case "fail":
      return `${name} can NOT be relied on.`;
    case "unknown":
      return `Whether ${name} can be relied on is not known.`;
  }
}

function verdictCode(verifications: readonly BackupVerification[]): number {
  if (verifications.some(({ verdict }) => verdict === "fail")) {
    return BAD;
  }
  return verifications.every(({ verdict }) => verdict === "pass") ? 0 : NOT_FOUND_OUT;
}

function pruneCode({ outcome }: PruneResult): number {
  return outcome === "refused" ? BAD : outcome === "interrupted" ? INTERRUPTED : 0;
}

function pruneWords({ outcome, gone }: PruneResult): string {
  switch (outcome) {
    case "planned":
      return "Nothing was changed: --plan only shows.";
    case "pruned":
      return `${gone.length} ${gone.length === 1 ? "backup is" : "backups are"} gone.`;
    case "nothing-to-do":
      return "Nothing to do: all of them are kept.";
    default:
      return "Nothing was changed.";
  }
}

function wrapped(text: string, { columns }: CommandIo): string {
  return `${wrapText(escapeControls(text), columns, "").join("\n")}\n`;
}

/** Moments are ISO times in documents. */
function isoTimes(value: object): object {
  const moments = new Set(["createdAt", "since", "until"]);
  return JSON.parse(
    JSON.stringify(value, (key, member: unknown) =>
      moments.has(key) && typeof member === "number" ? new Date(member).toISOString() : member,
    ),
  ) as object;
}
