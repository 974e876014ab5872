import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { TARGET_OPTIONS, type TargetOptions, targetAws } from "../target/target-aws.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { UserError } from "../user-error.ts";

interface ChecklistOptions extends TargetOptions {
  readonly only?: readonly string[];
  readonly fresh?: boolean;
  readonly quick?: boolean;
  readonly waive?: readonly string[];
  readonly reason?: string;
  readonly waiveUntil?: string;
  readonly output?: "text" | "json";
}

const NOT_FOUND_OUT = 2;

/** `slipway checklist`: the guide's pre-deployment checklist, line by line. */
export const checklist: Command = {
  name: "checklist",
  summary: "go through the checklist before a deployment; exit code 0 ready, 1 a line failed, 2 something is unknown",
  arguments: [{ name: "[environment]", description: "as in slipway.config.ts (default: prod)" }],
  options: [
    { flags: "--only <checks...>", description: "these lines only, such as tests signed-commits" },
    { flags: "--fresh", description: "look at everything anew, whatever was seen lately" },
    { flags: "--quick", description: "leave out what takes minutes, unless it was seen lately" },
    {
      flags: "--waive <checks...>",
      description: "these need not pass; takes --reason; CHECK:SUBJECT for one of its subjects",
    },
    { flags: "--reason <text>", description: "with --waive: why" },
    { flags: "--waive-until <day>", description: "with --waive: the last day on which that holds (default: tomorrow)" },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: [
    "slipway checklist prod",
    "slipway checklist prod --only tests coverage --fresh",
    'slipway checklist prod --waive checklist.recovery-tested --reason "drill planned for Monday, ticket 123"',
    "slipway checklist prod --local --quick --output json",
  ],
  failureCode: NOT_FOUND_OUT,
  json: { documents: ["checks-report"] },
  async run(options: ChecklistOptions, io: CommandIo, [name = "prod"]: readonly string[]): Promise<number> {
    // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
    const [
      { loadEnvironment },
      { openChecklist },
      { renderChecklist },
      { waivedCheck },
      { waiversOf },
      { warnOfWaivers },
      engine,
    ] = await Promise.all([
      import("../environment-config.ts"),
      import("../checklist/open-checklist.ts"),
      import("../checklist/render-checklist.ts"),
      import("../release/waived-check.ts"),
      import("../release/waivers-of.ts"),
      import("../release/warn-of-waivers.ts"),
      import("@slipway/release-engine"),
    ]);
    const { repository, config, environment } = await loadEnvironment(io.cwd, name);
    warnOfWaivers(io.stderr, name, environment);
    const checks = chosen(options.only, engine.checklistChecks, engine.checkId);
    const target = await targetAws(options, io, config.region);
    const progress = new ProgressPrinter(io);
    const { env, signal } = io;
    const { fresh = false, quick = false } = options;
    const opened = await openChecklist({
      repository,
      config,
      environment: name,
      target,
      env,
      signal,
      progress,
      fresh,
      quick,
    });
    try {
      const { ports } = opened;
      const now = ports.systemClock.now();
      const by = (await ports.source.user(signal)) ?? "whoever typed this";
      const waive = options.waive?.map((each) => {
        const { check, subject } = waivedCheck(each);
        const [id] = chosen([check], engine.checklistChecks, engine.checkId, "--waive").map(engine.checkId);
        return subject === undefined ? (id ?? check) : `${id}:${subject}`;
      });
      const names = environment.functions.map((each) => each.name);
      const typed = waiversOf({ ...options, ...(waive && { waive }) }, by, now, names);
      const evidence = await engine.runChecklist(ports, {
        ...{ ...opened.options, checks, signal },
        waivers: [...opened.options.waivers, ...typed],
      });
      progress.stop();
      const verdict = engine.verdictOf(evidence);
      const report = { environment: name, target: target.label, evidence, now };
      io.stdout.write(
        options.output === "json"
          ? `${JSON.stringify({ version: 1, environment: name, target: target.label, verdict, evidence })}\n`
          : renderChecklist(report, checks, io.columns),
      );
      return { pass: 0, fail: 1, unknown: NOT_FOUND_OUT }[verdict];
    } finally {
      progress.stop();
      opened.close();
    }
  },
};

/** @throws UserError when one of the names is none of a check */
function chosen<T extends { readonly name: string }>(
  names: readonly string[] | undefined,
  checks: readonly T[],
  idOf: (check: T) => string,
  flag = "--only",
): readonly T[] {
  const stray = names?.find((name) => !checks.some((check) => check.name === name || idOf(check) === name));
  if (stray !== undefined) {
    throw new UserError(
      `${flag}: there is no check '${stray}'. There are ${checks.map(({ name }) => name).join(", ")}.`,
    );
  }
  return names === undefined
    ? checks
    : checks.filter((check) => names.includes(check.name) || names.includes(idOf(check)));
}
