import type { ResourceService, SlipwayConfig } from "@slipway/contracts";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { ControlClient } from "../local/control-client.ts";
import { portOf } from "../local/local-instance.ts";
import { parseDuration } from "../parse-duration.ts";
import { TARGET_OPTIONS, type TargetOptions, targetAws } from "../target/target-aws.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { UserError } from "../user-error.ts";

interface OrphansOptions extends TargetOptions {
  readonly state?: readonly string[];
  readonly timeout?: string;
  readonly output?: "text" | "json";
}

const DEFAULT_TIMEOUT = "5m";

/** Exit codes by verdict: what could not be found out is neither good nor bad. */
const EXIT_CODES = { clean: 0, orphans: 1, incomplete: 2 } as const;

/** `slipway orphans`: what exists in the account and belongs to no state and to nobody else. */
export const orphans: Command = {
  name: "orphans",
  summary: "find what no Terraform state owns; exit code 0 clean, 1 orphans, 2 incomplete",
  arguments: [
    { name: "[environment]", description: "show what belongs to this environment only (default: all)" },
    {
      name: "[services...]",
      description: "scan these only (default: all)",
      choices: [
        "all",
        "lambda",
        "dynamodb",
        "s3",
        "logs",
        "apigateway",
        "iam",
        "kms",
        "sns",
        "sqs",
        "scheduler",
        "cloudwatch",
      ],
    },
  ],
  options: [
    ...TARGET_OPTIONS,
    { flags: "--state <files...>", description: "more Terraform states that own resources" },
    { flags: "--timeout <duration>", description: "end an unfinished scan, as incomplete", default: DEFAULT_TIMEOUT },
    OUTPUT_OPTION,
  ],
  examples: [
    "slipway orphans",
    "slipway orphans prod lambda logs --local",
    "slipway orphans all --state ../other/terraform.tfstate --output json",
  ],
  // 1 is "there are orphans"; where it fails, nobody knows.
  failureCode: EXIT_CODES.incomplete,
  json: { documents: ["orphan-report"] },
  async run(options: OrphansOptions, io: CommandIo, args: readonly string[]): Promise<number> {
    return await scan(options, io, args);
  },
};

async function scan(
  options: OrphansOptions,
  io: CommandIo,
  [environment = "all", ...words]: readonly string[],
): Promise<number> {
  // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
  const [
    contracts,
    { loadConfiguration },
    { createInventory },
    engine,
    { standingCost },
    { stateSources },
    { renderOrphans },
  ] = await Promise.all([
    import("@slipway/contracts"),
    import("../environment-config.ts"),
    import("@slipway/aws/inventory"),
    import("@slipway/release-engine"),
    import("@slipway/analysis"),
    import("../orphans/state-sources.ts"),
    import("../orphans/render-orphans.ts"),
  ]);
  const { repository, config } = await loadConfiguration(io.cwd);
  const names = Object.keys(config.environments);
  if (environment !== "all" && !names.includes(environment)) {
    throw new UserError(`environment: there is no '${environment}'. Type all, or one of ${names.join(", ")}.`);
  }
  const services = servicesOf(words, contracts.resourceServices);
  const timeoutMs = parseDuration(options.timeout ?? DEFAULT_TIMEOUT, "--timeout");
  const target = await targetAws(options, io, config.region);
  const deadline = AbortSignal.timeout(timeoutMs);
  const { region, endpoint, credentials } = target;
  const progress = new ProgressPrinter(io);
  const { systemClock: clock } = engine;
  const inventory = await createInventory(
    { region, endpoint, credentials, clock, signal: AbortSignal.any([io.signal, deadline]) },
    engine.typesToScan(services),
  );
  try {
    const states = await stateSources(inventory, {
      ...{ repository, config, target, cwd: io.cwd },
      files: options.state ?? [],
    });
    const now = clock.now() + (target.isLocal ? await clockOffset(options, io) : 0);
    const { value: report } = await engine.runPhase(
      { clock, progress },
      { phase: "orphans", title: `scan ${environment}` },
      async (onLine) => {
        const value = await engine.findOrphans(
          { ...inventory, states, costOf: standingCost(region), onLine },
          {
            target: target.isLocal ? `rehearsed on ${target.label}` : target.label,
            account: inventory.account,
            directories: Object.fromEntries(names.map((name) => [name, directoryOf(config, name)])),
            rules: config.orphans?.rules ?? [],
            ...{ region, environment, services, now, deadline, signal: io.signal },
          },
        );
        return { value, summary: `${value.verdict}, ${value.totals.orphans} orphans` };
      },
    );
    io.stdout.write(options.output === "json" ? `${JSON.stringify(report)}\n` : renderOrphans(report, io.columns));
    return EXIT_CODES[report.verdict];
  } finally {
    progress.stop();
    inventory.destroy();
  }
}

function servicesOf(words: readonly string[], known: readonly ResourceService[]): readonly ResourceService[] {
  return words.length === 0 || words.includes("all") ? known : known.filter((each) => words.includes(each));
}

function directoryOf(config: SlipwayConfig, name: string): string {
  return config.environments[name]?.terraform.directory ?? "";
}

/** Local AWS's clock may have been moved, and ages are by its clock. */
async function clockOffset(options: TargetOptions, io: CommandIo): Promise<number> {
  return (await new ControlClient(portOf(options, io.env)).health())?.clockOffsetMs ?? 0;
}
