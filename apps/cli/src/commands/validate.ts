import type { Evidence, SignOff, ValidationWindow } from "@slipway/contracts";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { MOMENT_HELP } from "../parse-time-range.ts";
import { type SignOffOptions, signOffGiven } from "../release/sign-off.ts";
import { TARGET_OPTIONS, type TargetOptions, targetAws } from "../target/target-aws.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { renderEvidence } from "../terminal/render-evidence.ts";
import { UserError } from "../user-error.ts";

interface ValidateOptions extends TargetOptions, SignOffOptions {
  /** False with `--no-plan`. */
  readonly plan?: boolean;
  readonly window?: ValidationWindow;
  /** False with `--no-smoke`. */
  readonly smoke?: boolean;
  readonly releasedAt?: string;
  readonly output?: "text" | "json";
}

const BAD = 1;
const NOT_FOUND_OUT = 2;

/** `slipway validate`: is what was deployed there, well, and as its code says? */
export const validate: Command = {
  name: "validate",
  summary: "look at what was deployed; exit code 0 good, 1 a check failed, 2 something could not be looked at",
  arguments: [{ name: "[environment]", description: "as in slipway.config.ts (default: prod)" }],
  options: [
    { flags: "--no-plan", description: "do not compare with the configuration; drift stays unknown" },
    {
      flags: "--window <window>",
      description: "make the guide's checks, too: of the first 5 minutes, the first hour, or the first 24 hours",
      choices: ["immediate", "short", "extended"],
    },
    { flags: "--no-smoke", description: "with --window: do not run the smoke test" },
    {
      flags: "--released-at <time>",
      description: `with --window: when the release was (default: when the version with traffic was published); ${MOMENT_HELP}`,
    },
    { flags: "--sign-off <name>", description: "with --window extended: who answers for what users say" },
    {
      flags: "--feedback <what>",
      description: "with --sign-off: what they say (default: positive)",
      choices: ["positive", "negative"],
    },
    { flags: "--note <text>", description: "with --sign-off: a word about it" },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: [
    "slipway validate prod",
    "slipway validate prod --local --output json",
    "slipway validate prod --window short",
    'slipway validate prod --window extended --sign-off "Jane Doe" --note "no complaint in the shop"',
  ],
  failureCode: NOT_FOUND_OUT,
  json: { documents: ["checks-report", "window-validation"] },
  async run(options: ValidateOptions, io: CommandIo, [name = "prod"]: readonly string[]): Promise<number> {
    const { window } = options;
    const signOff = signOffOf(options);
    if (window !== undefined) {
      return validateFor({ ...options, window }, signOff, io, name);
    }
    // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
    const [{ loadEnvironment }, { apiUrlOf }, { AwsLiveChecks }, engine, { environmentWork }] = await Promise.all([
      import("../environment-config.ts"),
      import("../target/api-url-of.ts"),
      import("@slipway/aws/live-checks"),
      import("@slipway/release-engine"),
      import("../target/environment-work.ts"),
    ]);
    const { repository, config, environment } = await loadEnvironment(io.cwd, name);
    const target = await targetAws(options, io, config.region);
    const progress = new ProgressPrinter(io);
    const { env, signal } = io;
    const work = await environmentWork({ repository, config, environment: name, target, env, progress, signal });
    const { region, endpoint } = target;
    const checks = new AwsLiveChecks({
      region,
      endpoint,
      credentials: work.readCredentials,
    });
    try {
      const { state, terraform, init, planFile, variables, howToDeploy } = work;
      const evidence = await engine.validateDeployment(
        {
          ...{ state, checks, progress },
          ...(options.plan === false ? {} : { terraform }),
          http: engine.fetchHttpClient,
          clock: engine.systemClock,
        },
        {
          ...{ ...init, phase: name, planFile, variables, howToDeploy, signal, validation: environment.validation },
          healthUrl: (outputs) => {
            const url = apiUrlOf({ outputs, urlOutput: environment.api.urlOutput, endpoint });
            return url === undefined ? undefined : `${url}${environment.smoke.ready?.path ?? ""}`;
          },
        },
      );
      progress.stop();
      const failed = evidence.filter(({ status }) => status === "fail").length;
      const unknown = evidence.filter(({ status }) => status === "unknown").length;
      const verdict = failed > 0 ? "fail" : unknown > 0 ? "unknown" : "pass";
      io.stdout.write(
        options.output === "json"
          ? `${JSON.stringify({ version: 1, environment: name, target: target.label, verdict, evidence })}\n`
          : `${renderEvidence(worstLast(evidence), io.columns)}\n${wrapText(sentence(name, target.label, evidence.length, failed, unknown), io.columns, "").join("\n")}\n`,
      );
      return failed > 0 ? BAD : unknown > 0 ? NOT_FOUND_OUT : 0;
    } finally {
      progress.stop();
      checks.close();
      work.release();
    }
  },
};

/** Validates for one of the guide's windows. */
async function validateFor(
  options: ValidateOptions & { readonly window: ValidationWindow },
  signOff: Omit<SignOff, "at"> | undefined,
  io: CommandIo,
  name: string,
): Promise<number> {
  const [{ loadEnvironment }, { validateWindow }, { renderValidation }] = await Promise.all([
    import("../environment-config.ts"),
    import("../validation/validate-window.ts"),
    import("../validation/render-validation.ts"),
  ]);
  const loaded = await loadEnvironment(io.cwd, name);
  const { window, releasedAt, plan = true, smoke = true } = options;
  const report = await validateWindow(
    {
      ...{ environment: name, window, plan, smoke },
      target: await targetAws(options, io, loaded.config.region),
      ...(signOff === undefined ? {} : { signOff }),
      ...(releasedAt === undefined ? {} : { releasedAt }),
    },
    loaded,
    io,
  );
  io.stdout.write(options.output === "json" ? `${JSON.stringify(report)}\n` : renderValidation(report, io.columns));
  return { pass: 0, fail: BAD, unknown: NOT_FOUND_OUT }[report.verdict];
}

/** @throws UserError for flags that have no effect: nobody's word must get lost */
function signOffOf(options: ValidateOptions): Omit<SignOff, "at"> | undefined {
  const { window, releasedAt, smoke } = options;
  const needsWindow = { "--released-at": releasedAt !== undefined, "--no-smoke": smoke === false };
  for (const [flag, isGiven] of Object.entries(needsWindow)) {
    if (isGiven && window === undefined) {
      throw new UserError(`${flag}: is for --window immediate, short or extended.`);
    }
  }
  if (options.signOff !== undefined && window !== "extended") {
    throw new UserError("--sign-off: is for --window extended, where the guide asks for users' feedback.");
  }
  return signOffGiven(options);
}

/** What needs somebody stands where the eye ends up. */
function worstLast(evidence: readonly Evidence[]): Evidence[] {
  const rank = { pass: 0, waived: 1, unknown: 2, fail: 3 } as const;
  return [...evidence].sort((left, right) => rank[left.status] - rank[right.status]);
}

function sentence(name: string, where: string, all: number, failed: number, unknown: number): string {
  if (failed > 0) {
    return `${name} on ${where} is NOT well: ${failed} of ${all} checks failed${unknown > 0 ? `, ${unknown} unknown` : ""}.`;
  }
  return unknown > 0
    ? `Nobody knows whether ${name} on ${where} is well: ${unknown} of ${all} checks could not be made.`
    : `${name} on ${where} is well: all ${all} checks passed.`;
}
