import type { Evidence } from "@slipway/contracts";
import type { DestructionResult } from "@slipway/release-engine";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { parseDuration } from "../parse-duration.ts";
import { TARGET_OPTIONS, type TargetOptions, targetAws } from "../target/target-aws.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { renderEvidence } from "../terminal/render-evidence.ts";

interface DestroyOptions extends TargetOptions {
  readonly check?: boolean;
  readonly confirm?: string;
  readonly backup?: boolean;
  readonly backupMaxAge: string;
  readonly discardData?: readonly string[];
  readonly output?: "text" | "json";
}

const REFUSED = 1;

/** `slipway destroy`: takes an environment down, backups first, and never by accident. */
export const destroy: Command = {
  name: "destroy",
  summary: "destroy an environment; a protected one only when confirmed, backed up and empty",
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }],
  options: [
    { flags: "--check", description: "say what stands in the way, and change nothing" },
    { flags: "--confirm <words>", description: 'the words "destroy ENVIRONMENT"; asked for in a terminal' },
    { flags: "--backup", description: "make a backup of each table first, where only that is missing" },
    { flags: "--backup-max-age <duration>", description: "how old a backup may be", default: "24h" },
    { flags: "--discard-data <tables...>", description: "names of the tables whose data may be lost" },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: [
    "slipway destroy staging --check",
    'slipway destroy prod --backup --discard-data items-prod --confirm "destroy prod"',
    "slipway destroy prod --local --check --output json",
  ],
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
    const confirmation = await confirmed(options, io, environment.protected, confirmationFor(name), target.label);
    const progress = new ProgressPrinter(io);
    const work = await environmentWork({ repository, config, environment: name, target, env: io.env, progress });
    const { region, endpoint } = target;
    const clients = createAwsClients({
      region,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(work.credentials === undefined ? {} : { credentials: work.credentials }),
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
          signal: io.signal,
          policy: {
            environment: name,
            isProtected: environment.protected,
            ...(confirmation === undefined ? {} : { confirmation }),
            discardData: options.discardData ?? [],
            backupMaxAgeMs,
            command: `slipway destroy${target.isLocal ? " --local" : ""}`,
          },
        },
      );
      progress.stop();
      const report = { environment: name, target: target.label, ...result };
      io.stdout.write(
        options.output === "json" ? `${JSON.stringify(report)}\n` : render(report, options.check === true, io.columns),
      );
      return result.allowed && result.left.length === 0 ? 0 : REFUSED;
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

function render(
  result: DestructionResult & { readonly environment: string; readonly target: string },
  checkOnly: boolean,
  columns: number,
): string {
  const { environment, target, evidence, allowed, resources, backups, destroyed, left } = result;
  const total = Object.values(resources).reduce((sum, count) => sum + count, 0);
  const lines = [renderEvidence(evidence, columns)];
  if (backups.length > 0) {
    lines.push(
      ...backups.map(({ table, arn }) => `Backup of ${table}: ${arn}`),
      "A backup is encrypted with its table's key. The destruction schedules that key for deletion: before it is gone,",
      "restore the backup, or keep the key with `aws kms cancel-key-deletion`.",
      "",
    );
  }
  if (!allowed) {
    lines.push(`REFUSED: ${environment} on ${target} stays as it is (${total} resources). ${whatIsMissing(evidence)}`);
  } else if (checkOnly) {
    lines.push(`Nothing stands in the way: ${total} resources of ${environment} on ${target} would be destroyed.`);
  } else if (total === 0) {
    lines.push(`Nothing to do: the state of ${environment} on ${target} holds nothing.`);
  } else if (left.length === 0) {
    lines.push(`${environment} on ${target} is destroyed: ${destroyed?.destroy ?? 0} resources, and none is left.`);
  } else {
    lines.push(
      `${environment} on ${target} is NOT gone: ${left.length} resources are left.`,
      ...left.map((each) => `  ${each}`),
    );
  }
  return `${lines.join("\n")}\n`;
}

function whatIsMissing(evidence: readonly Evidence[]): string {
  const bad = evidence.filter(({ status }) => status === "fail" || status === "unknown").length;
  return bad === 1 ? "One check stands in the way." : `${bad} checks stand in the way.`;
}
