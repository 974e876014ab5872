import type { PlanSummary } from "@slipway/contracts";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { FailedWith } from "../failed-with.ts";
import { isRefusal } from "../refusal.ts";
import type { OpenedState } from "../state/open-state.ts";
import type { StateRestoreReport } from "../state/state-restore-report.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { UserError } from "../user-error.ts";

interface StateRestoreOptions extends TargetOptions {
  readonly version?: string;
  readonly backup?: string;
  readonly plan?: boolean;
  readonly confirm?: string;
  readonly output?: "text" | "json";
}

const REFUSED = 1;
const NOT_FOUND_OUT = 2;
const INTERRUPTED = 130;

/** `slipway state restore`: puts an older Terraform state back where the present one is lost or damaged. */
export const stateRestore: Command = {
  name: "state restore",
  summary:
    "put an older Terraform state back where the present one is lost or damaged (for all else: slipway rollback); exit code 1 when it is refused, 2 when something could not be found out",
  failureCode: NOT_FOUND_OUT,
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }],
  options: [
    {
      flags: "--version <id>",
      description: "a version that the bucket keeps, or how its id begins: slipway state list",
    },
    { flags: "--backup <name>", description: "a copy that slipway state backup made" },
    { flags: "--plan", description: "show what it would do, and change nothing" },
    {
      flags: "--confirm <words>",
      description: 'the words "restore the state of ENVIRONMENT"; asked for in a terminal',
    },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: [
    "slipway state restore prod --version 3sL4kqtJlcpXroDTDmJ --plan",
    "slipway state restore prod --backup before-moving-the-table",
  ],
  json: { documents: ["state-restore"] },
  async run(options: StateRestoreOptions, io: CommandIo, [environment = ""]: readonly string[]): Promise<number> {
    const from = fromOf(options, environment);
    const [{ openState }, { restoreEnvironmentState }, { renderRestorePlan, renderRestoreEnd }] = await Promise.all([
      import("../state/open-state.ts"),
      import("../state/restore-environment-state.ts"),
      import("../state/state-restore-report.ts"),
    ]);
    const opened = await openState(options, io, environment);
    try {
      const report = await restoreEnvironmentState(opened, {
        ...{ environment, from, io, planOnly: options.plan === true, confirmation: options.confirm },
        mayAsk: options.output !== "json",
        planAfterwards: () => planNow(opened, io, environment),
      });
      const { flags } = opened.target;
      io.stdout.write(
        options.output === "json"
          ? `${JSON.stringify(report)}\n`
          : `${report.outcome === "planned" ? renderRestorePlan(report, io.columns) : ""}${renderRestoreEnd(report, flags, io.columns)}`,
      );
      return exitCodeOf(report);
    } catch (error) {
      if (isRefusal(error)) {
        throw new FailedWith(REFUSED, error);
      }
      throw error;
    } finally {
      opened.close();
    }
  },
};

function fromOf({ version, backup }: StateRestoreOptions, environment: string) {
  if ((version === undefined) === (backup === undefined)) {
    throw new UserError(
      `--version, --backup: give one of them. What there is shows \`slipway state list ${environment}\`.`,
    );
  }
  return version === undefined ? { backup: backup ?? "" } : { version };
}

async function planNow(
  { repository, config, target, ledger }: OpenedState,
  io: CommandIo,
  environment: string,
): Promise<PlanSummary> {
  const [{ environmentWork }, { planEnvironment }, { groundBefore }] = await Promise.all([
    import("../target/environment-work.ts"),
    import("../infrastructure/plan-environment.ts"),
    import("@slipway/release-engine"),
  ]);
  const { env, signal } = io;
  const progress = new ProgressPrinter(io);
  const place = { repository, config, environment, target, env, progress, signal };
  const ground = groundBefore(await (await ledger()).ledger.read(signal));
  const work = await environmentWork(place);
  try {
    return await planEnvironment(place, work, { before: ground });
  } finally {
    progress.stop();
    work.release();
  }
}

function exitCodeOf({ outcome, plan }: StateRestoreReport): number {
  switch (outcome) {
    case "planned":
    case "nothing-to-do":
      return 0;
    case "restored":
      return plan === null ? NOT_FOUND_OUT : 0;
    case "refused":
      return REFUSED;
    case "interrupted":
      return INTERRUPTED;
  }
}
