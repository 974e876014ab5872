import type { Evidence } from "@slipway/contracts";
import type { DestructionResult } from "@slipway/release-engine";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { FailedWith } from "../failed-with.ts";
import { wrapShell } from "../orphans/wrap-shell.ts";
import { parseDuration } from "../parse-duration.ts";
import { TARGET_OPTIONS, type TargetOptions, targetAws } from "../target/target-aws.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { renderEvidence } from "../terminal/render-evidence.ts";
import { UserError } from "../user-error.ts";

interface DestroyOptions extends TargetOptions {
  readonly check?: boolean;
  readonly confirm?: string;
  readonly backup?: boolean;
  readonly backupMaxAge: string;
  readonly discardData?: readonly string[];
  readonly output?: "text" | "json";
}

const REFUSED = 1;
const NOT_FOUND_OUT = 2;
const INTERRUPTED = 130;
const DEFAULT_BACKUP_AGE = "24h";

/** `slipway destroy`: takes an environment down, backups first, and never by accident. */
export const destroy: Command = {
  name: "destroy",
  summary: "destroy an environment; exit code 1 when it is refused, 2 when something could not be looked at",
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }],
  options: [
    { flags: "--check", description: "say what stands in the way, and change nothing" },
    { flags: "--confirm <words>", description: 'the words "destroy ENVIRONMENT"; asked for in a terminal' },
    { flags: "--backup", description: "make a backup of each table first, where only that is missing" },
    { flags: "--backup-max-age <duration>", description: "how old a backup may be", default: DEFAULT_BACKUP_AGE },
    { flags: "--discard-data <tables...>", description: "names of the tables whose data may be lost" },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: [
    "slipway destroy staging --check",
    'slipway destroy prod --backup --discard-data items-prod --confirm "destroy prod"',
    "slipway destroy prod --local --check --output json",
  ],
  failureCode: NOT_FOUND_OUT,
  json: { documents: ["destruction-report"] },
  async run(options: DestroyOptions, io: CommandIo, [name = ""]: readonly string[]): Promise<number> {
    const backupMaxAgeMs = parseDuration(options.backupMaxAge, "--backup-max-age");
    // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
    const [{ loadEnvironment }, { createAwsClients, DynamoTables }, engine, { environmentWork }, { confirmationFor }] =
      await Promise.all([
        import("../environment-config.ts"),
        import("@slipway/aws"),
        import("@slipway/release-engine"),
        import("../target/environment-work.ts"),
        import("@slipway/analysis"),
      ]);
    const { repository, config, environment } = await loadEnvironment(io.cwd, name);
    const target = await targetAws(options, io, config.region);
    const words = confirmationFor(name);
    const confirmation = await confirmed(options, io, environment.protected, words, target.label);
    const { env, signal } = io;
    if (signal.aborted) {
      throw new FailedWith(INTERRUPTED, new UserError("interrupted; nothing was changed."));
    }
    const progress = new ProgressPrinter(io);
    const work = await environmentWork({ repository, config, environment: name, target, env, progress, signal });
    const { region, endpoint } = target;
    const clients = createAwsClients({
      region,
      endpoint,
      credentials: work.credentials,
    });
    const tables = new DynamoTables(clients.dynamodb);
    try {
      const { terraform, state, init, planFile, variables } = work;
      const result = await engine.destroyEnvironment(
        { terraform, state, tables, backups: tables, clock: engine.systemClock, progress },
        {
          ...{ ...init, phase: name, planFile, variables },
          liftingVariables: environment.terraform.destroyVariables,
          backup: options.backup === true,
          checkOnly: options.check === true,
          signal,
          policy: {
            environment: name,
            isProtected: environment.protected,
            ...(confirmation === undefined ? {} : { confirmation }),
            discardData: options.discardData ?? [],
            backupMaxAgeMs,
          },
        },
      );
      progress.stop();
      const next = commandToGoOn(`slipway destroy ${name}${target.flags}`, words, options, result.evidence);
      const report = { environment: name, target: target.label, ...result, ...(next === undefined ? {} : { next }) };
      io.stdout.write(
        options.output === "json"
          ? `${JSON.stringify({ version: 1, ...report })}\n`
          : render(report, options.check === true, io.columns),
      );
      return exitCodeOf(result);
    } finally {
      progress.stop();
      clients.destroy();
      work.release();
    }
  },
};

async function confirmed(
  { check, confirm, output }: DestroyOptions,
  io: CommandIo,
  isProtected: boolean,
  words: string,
  where: string,
): Promise<string | undefined> {
  if (confirm !== undefined || check === true || !isProtected || output === "json") {
    return confirm;
  }
  return await io.ask?.(`This destroys infrastructure and data on ${where}. Type "${words}" to go on: `);
}

function exitCodeOf({ evidence, allowed, left }: DestructionResult): number {
  if (allowed) {
    return left.length === 0 ? 0 : REFUSED;
  }
  return evidence.some(({ status }) => status === "fail") ? REFUSED : NOT_FOUND_OUT;
}

/** The whole command that would not be refused; `undefined` where none is, or no flag helps. */
function commandToGoOn(
  command: string,
  words: string,
  { backup, backupMaxAge, discardData = [], confirm }: DestroyOptions,
  evidence: readonly Evidence[],
): string | undefined {
  if (evidence.some(({ status }) => status === "unknown") || evidence.every(({ status }) => status !== "fail")) {
    return undefined;
  }
  const failed = (check: string) => evidence.filter((one) => one.check === check && one.status === "fail");
  const discarded = [...discardData, ...failed("destroy.table-empty").flatMap(({ subject }) => subject ?? [])];
  return [
    command,
    ...(backup === true || failed("destroy.backup-fresh").length > 0 ? ["--backup"] : []),
    ...(backupMaxAge === DEFAULT_BACKUP_AGE ? [] : [`--backup-max-age ${backupMaxAge}`]),
    ...(discarded.length === 0 ? [] : [`--discard-data ${discarded.join(" ")}`]),
    ...(confirm !== undefined || failed("destroy.confirmed").length > 0 ? [`--confirm '${words}'`] : []),
  ].join(" ");
}

type Report = DestructionResult & { readonly environment: string; readonly target: string; readonly next?: string };

function render(result: Report, checkOnly: boolean, columns: number): string {
  const { environment, target, evidence, stateFound, allowed, resources, backups, destroyed, left, next } = result;
  const total = Object.values(resources).reduce((sum, count) => sum + count, 0);
  const lines = [renderEvidence(evidence, columns)];
  const say = (text: string) => lines.push(...wrapText(text, columns, ""));
  if (backups.length > 0) {
    for (const { table, arn } of backups) {
      // An address on a line of its own can be copied whole.
      lines.push(`Backup of ${table}:`, `  ${arn}`);
    }
    say(
      "A backup is encrypted with its table's key. The destruction schedules that key for deletion: before it is gone, restore the backup, or keep the key with `aws kms cancel-key-deletion`.",
    );
    lines.push("");
  }
  if (!stateFound) {
    say(`Nobody knows what there is to destroy: ${environment} on ${target} has no state. Nothing was changed.`);
  } else if (!allowed) {
    const verdict = checkOnly ? "It would be refused" : "REFUSED";
    say(`${verdict}: ${environment} on ${target} stays as it is (${total} resources). ${whatIsMissing(evidence)}`);
  } else if (total === 0) {
    say(`Nothing to do: the state of ${environment} on ${target} holds nothing.`);
  } else if (checkOnly) {
    say(`Nothing stands in the way: ${total} resources of ${environment} on ${target} would be destroyed.`);
  } else if (left.length === 0) {
    say(`${environment} on ${target} is destroyed.`);
    say(`${destroyed?.destroy ?? 0} resources were destroyed, and none is left.`);
  } else {
    say(`${environment} on ${target} is NOT gone: ${left.length} resources are left.`);
    lines.push(...left.map((each) => `  ${each}`));
  }
  if (next !== undefined) {
    lines.push("To destroy it all the same:", ...wrapShell(next, columns, columns - 2, "    ").map(indentFirst));
  }
  return `${lines.join("\n")}\n`;
}

function indentFirst(line: string, index: number): string {
  return index === 0 ? `  ${line}` : line;
}

function whatIsMissing(evidence: readonly Evidence[]): string {
  const bad = evidence.filter(({ status }) => status === "fail" || status === "unknown").length;
  return bad === 1 ? "One check stands in the way." : `${bad} checks stand in the way.`;
}
