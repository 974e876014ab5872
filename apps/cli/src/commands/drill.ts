import type { DrillPath } from "@slipway/release-engine";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { readSetup } from "../setup/read-setup.ts";
import { TARGET_OPTIONS, type TargetOptions, targetAws } from "../target/target-aws.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { UserError } from "../user-error.ts";

interface DrillOptions extends TargetOptions {
  readonly only?: readonly string[];
  readonly keep?: boolean;
  readonly verbose?: boolean;
  readonly output?: "text" | "json";
}

const NOT_FOUND_OUT = 2;

/** `slipway drill`: each way back is rehearsed before it is needed. */
export const drill: Command = {
  name: "drill",
  summary:
    "rehearse each way back from what is checked out to what is live, on a local AWS of its own, and write the proof into the ledger; exit code 0 all lead back, 1 one does not, 2 something is not known",
  arguments: [{ name: "[environment]", description: "as in slipway.config.ts (default: prod)" }],
  options: [
    { flags: "--only <paths...>", description: "these paths only, such as code state; a deploy asks for all of them" },
    { flags: "--keep", description: "leave the drill's local AWS and the earlier release's files where they are" },
    { flags: "--verbose", description: "show what happens inside of each step" },
    ...TARGET_OPTIONS.map((option) =>
      option.flags === "--local"
        ? { ...option, description: "for what is live on the local AWS that runs on this machine, not on AWS" }
        : option,
    ),
    OUTPUT_OPTION,
  ],
  examples: ["slipway drill prod", "slipway drill prod --only code", "slipway drill prod --local --output json"],
  failureCode: NOT_FOUND_OUT,
  json: { documents: ["drill-report"] },
  async run(options: DrillOptions, io: CommandIo, [name = "prod"]: readonly string[]): Promise<number> {
    // First: without Terraform nothing can be rehearsed, and that is said at once.
    readSetup();
    // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
    const [{ loadEnvironment }, { drillEnvironment }, { renderDrill }, { drillPaths }] = await Promise.all([
      import("../environment-config.ts"),
      import("../drill/drill-environment.ts"),
      import("../drill/render-drill.ts"),
      import("@slipway/release-engine"),
    ]);
    const paths = chosen(options.only, drillPaths);
    const { repository, config } = await loadEnvironment(io.cwd, name);
    const target = await targetAws(options, io, config.region);
    const progress = new ProgressPrinter(io, { isVerbose: options.verbose === true });
    try {
      const report = await drillEnvironment({
        ...{ repository, config, environment: name, target, paths, progress },
        ...{ env: io.env, signal: io.signal, keep: options.keep === true },
      });
      progress.stop();
      io.stdout.write(options.output === "json" ? `${JSON.stringify(report)}\n` : renderDrill(report, io.columns));
      return { pass: 0, fail: 1, unknown: NOT_FOUND_OUT }[report.verdict];
    } finally {
      progress.stop();
    }
  },
};

/** @throws UserError when there is no name, of which every one would have passed, or one of the names is none of a path */
function chosen(names: readonly string[] | undefined, paths: readonly DrillPath[]): readonly DrillPath[] {
  // Both `code,state` and `code state`.
  const asked = names?.flatMap((each) => each.split(",")).filter((each) => each !== "");
  if (asked?.length === 0) {
    throw new UserError(`--only: names no path. There are ${paths.map(({ name }) => name).join(", ")}.`);
  }
  const stray = asked?.find((each) => !paths.some(({ name }) => name === each));
  if (stray !== undefined) {
    throw new UserError(`--only: there is no path '${stray}'. There are ${paths.map(({ name }) => name).join(", ")}.`);
  }
  return asked === undefined ? paths : paths.filter(({ name }) => asked.includes(name));
}
