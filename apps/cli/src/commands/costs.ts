import { join, relative, resolve } from "node:path";
import type { CostReport } from "@slipway/contracts";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { ControlClient } from "../local/control-client.ts";
import { portOf } from "../local/local-instance.ts";
import { costLabelOf, TARGET_OPTIONS, type TargetOptions, targetAws } from "../target/target-aws.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { UserError } from "../user-error.ts";

interface CostsOptions extends TargetOptions {
  readonly days: string;
  readonly prices?: string;
  readonly priceList?: boolean;
  readonly freeTier?: boolean;
  readonly compare?: string;
  readonly reports?: string;
  readonly state?: string;
  readonly failAbove?: string;
  readonly explain?: boolean;
  readonly output?: "text" | "json";
}

const DEFAULT_DAYS = "30";
/** CloudWatch forgets what is older. */
const MOST_DAYS = 455;

const TOO_DEAR = 1;
const NOT_FOUND_OUT = 2;

/** `slipway costs`: what an environment costs in a month, from what was used of it. */
export const costs: Command = {
  name: "costs",
  summary: "reckon an environment's monthly costs from its observed use; exit code 0, 1 too dear, 2 incomplete",
  arguments: [{ name: "[environment]", description: "as in slipway.config.ts (default: prod)" }],
  options: [
    ...TARGET_OPTIONS,
    { flags: "--days <n>", description: `days to look back, 1 to ${MOST_DAYS}`, default: DEFAULT_DAYS },
    { flags: "--explain", description: "show the formula, the price, its source and its date of every line" },
    { flags: "--free-tier", description: "take off what AWS gives to every account for ever" },
    { flags: "--prices <file>", description: "price table to use instead of Slipway's own" },
    { flags: "--price-list", description: "ask the AWS Price List first, over the Internet" },
    { flags: "--compare <file>", description: "earlier report to compare with (default: the newest that was kept)" },
    { flags: "--reports <folder>", description: "where reports are kept (default: .slipway/reports)" },
    {
      flags: "--state <file>",
      description: "Terraform state of the environment (default: the one in the state bucket)",
    },
    { flags: "--fail-above <usd>", description: "exit with 1 when a month costs more" },
    OUTPUT_OPTION,
  ],
  examples: [
    "slipway costs prod",
    "slipway costs prod --days 7 --explain",
    "slipway costs prod --local --output json",
    "slipway costs prod --price-list --fail-above 100",
  ],
  // 1 is "too dear"; where it fails, nobody knows.
  failureCode: NOT_FOUND_OUT,
  json: { documents: ["cost-report"] },
  async run(options: CostsOptions, io: CommandIo, [environment = "prod"]: readonly string[]): Promise<number> {
    return await analyze(options, io, environment);
  },
};

async function analyze(options: CostsOptions, io: CommandIo, name: string): Promise<number> {
  const days = numberOf("--days", options.days, 1, MOST_DAYS, true);
  const limit = options.failAbove === undefined ? undefined : numberOf("--fail-above", options.failAbove, 0, Infinity);
  // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
  const [
    { loadEnvironment },
    aws,
    { AwsUsageReader },
    engine,
    { readPriceFile },
    { ReportFolder, readReport },
    { renderCosts },
  ] = await Promise.all([
    import("../environment-config.ts"),
    import("@slipway/aws"),
    import("@slipway/aws/usage"),
    import("@slipway/release-engine"),
    import("../costs/read-price-file.ts"),
    import("../costs/report-folder.ts"),
    import("../costs/render-costs.ts"),
  ]);
  const { repository, config, environment } = await loadEnvironment(io.cwd, name);
  const { region } = config;
  const file = options.prices === undefined ? undefined : resolve(io.cwd, options.prices);
  const table = file === undefined ? undefined : { path: file, table: readPriceFile(file) };
  const folder = new ReportFolder(
    options.reports === undefined ? join(repository, ".slipway", "reports") : resolve(io.cwd, options.reports),
  );
  const compared = options.compare === undefined ? undefined : readReport(resolve(io.cwd, options.compare), name);
  const target = await targetAws(options, io, region);
  const { endpoint, credentials } = target;
  const { systemClock: clock } = engine;
  const clients = aws.createAwsClients({ region, endpoint, credentials });
  const progress = new ProgressPrinter(io);
  try {
    const prices = await engine.choosePrices({
      region,
      file: table,
      list: options.priceList === true ? new aws.AwsPriceList({ url: io.env.SLIPWAY_PRICE_LIST_URL }) : undefined,
      signal: io.signal,
    });
    for (const warning of prices.warnings) {
      io.stderr.write(`warning: ${warning}\n`);
    }
    const label = costLabelOf(target);
    const { value: report } = await engine.runPhase(
      { clock, progress },
      { phase: "costs", title: `observe ${name}` },
      async () => {
        const value = await engine.analyzeCosts(
          {
            state:
              options.state === undefined
                ? aws.s3State(clients.s3, name, {
                    bucket: bucketOf(config.bootstrap.state),
                    key: environment.terraform.stateKey,
                  })
                : aws.fileState(name, resolve(io.cwd, options.state), true),
            usage: new AwsUsageReader({ region, endpoint, credentials, clock, signal: io.signal }),
          },
          {
            label,
            environment: name,
            region,
            days,
            now: clock.now() + (target.isLocal ? await clockOffset(options, io) : 0),
            prices,
            freeTier: options.freeTier === true,
            previous: compared ?? folder.latest({ environment: name, region, label }),
            signal: io.signal,
          },
        );
        return { value, summary: `$${value.totalUsdPerMonth.toFixed(2)} a month, ${value.resources.length} resources` };
      },
    );
    const kept = folder.keep(report);
    io.stdout.write(
      options.output === "json"
        ? `${JSON.stringify(report)}\n`
        : renderCosts(report, { columns: io.columns, explain: options.explain === true }),
    );
    io.stderr.write(`kept as ${relative(io.cwd, kept).startsWith("..") ? kept : relative(io.cwd, kept)}\n`);
    return verdictOf(report, limit, io);
  } finally {
    progress.stop();
    clients.destroy();
  }
}

/** Above the limit is above it, whatever is not known; below it only counts when all was seen. */
function verdictOf({ totalUsdPerMonth, complete, unknownLines }: CostReport, limit: number | undefined, io: CommandIo) {
  if (limit !== undefined && totalUsdPerMonth > limit) {
    io.stderr.write(`slipway: a month costs $${totalUsdPerMonth.toFixed(2)}, more than --fail-above ${limit}.\n`);
    return TOO_DEAR;
  }
  if (!complete) {
    io.stderr.write("slipway: the report is incomplete: see what could not be found out.\n");
    return NOT_FOUND_OUT;
  }
  if (limit !== undefined && unknownLines > 0) {
    io.stderr.write(`warning: ${unknownLines} lines are not known, and so not held against --fail-above ${limit}.\n`);
  }
  return 0;
}

function bucketOf(state: { bucket: string } | undefined): string {
  if (state === undefined) {
    throw new UserError(
      "bootstrap.state: slipway.config.ts does not say in which bucket the states are. Add bootstrap: { state: { bucket: ... } }, or name a state with --state FILE.",
    );
  }
  return state.bucket;
}

/** Local AWS's clock may have been moved, and what was used is measured by it. */
async function clockOffset(options: TargetOptions, io: CommandIo): Promise<number> {
  return (await new ControlClient(portOf(options, io.env)).health())?.clockOffsetMs ?? 0;
}

function numberOf(flag: string, text: string, least: number, most: number, isWhole = false): number {
  const value = Number(text);
  if (
    text.trim() === "" ||
    Number.isNaN(value) ||
    value < least ||
    value > most ||
    (isWhole && !Number.isInteger(value))
  ) {
    const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new UserError(`${flag}: '${text}' is no ${isWhole ? "whole " : ""}number ${range}.`);
  }
  return value;
}
