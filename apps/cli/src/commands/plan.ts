import type { LedgerEntry, PlanGround, PlanSummary } from "@slipway/contracts";
import type { PolicyInForce } from "@slipway/release-engine";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { TARGET_OPTIONS, type TargetOptions, targetAws } from "../target/target-aws.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";

interface PlanOptions extends TargetOptions {
  readonly markdown?: string;
  readonly output?: "text" | "json";
}

const STOPPED = 1;
const NOT_FOUND_OUT = 2;

/** `slipway plan`: what an apply would do, and whether it would be let through. Nothing is changed, and nothing kept. */
export const plan: Command = {
  name: "plan",
  summary: "plan an environment's infrastructure and judge the plan; exit code 0 open, 1 stopped, 2 no plan",
  arguments: [{ name: "[environment]", description: "as in slipway.config.ts (default: prod)" }],
  options: [
    { flags: "--markdown <file>", description: "also write the summary as Markdown, for a pull request" },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: ["slipway plan prod", "slipway plan prod --local", "slipway plan staging --markdown plan.md --output json"],
  failureCode: NOT_FOUND_OUT,
  json: { documents: ["plan-summary"] },
  async run(options: PlanOptions, io: CommandIo, [name = "prod"]: readonly string[]): Promise<number> {
    // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
    const [{ loadEnvironment }, { environmentWork }, { planEnvironment }, { renderPlanSummary }, { planMarkdown }] =
      await Promise.all([
        import("../environment-config.ts"),
        import("../target/environment-work.ts"),
        import("../infrastructure/plan-environment.ts"),
        import("../infrastructure/render-plan-summary.ts"),
        import("../infrastructure/plan-markdown.ts"),
      ]);
    const { writeFile } = await import("node:fs/promises");
    const { resolve } = await import("node:path");
    const { repository, config } = await loadEnvironment(io.cwd, name);
    const target = await targetAws(options, io, config.region);
    const progress = new ProgressPrinter(io);
    const { env, signal } = io;
    const place = { repository, config, environment: name, target, env, progress, signal };
    const { ground, inForce, note } = await beforeIt(place);
    const work = await environmentWork(place);
    let summary: PlanSummary;
    try {
      summary = await planEnvironment(place, work, { before: ground, inForce });
    } finally {
      progress.stop();
      work.release();
    }
    if (options.markdown !== undefined) {
      await writeFile(resolve(io.cwd, options.markdown), planMarkdown(summary, target.label));
    }
    if (note !== undefined) {
      io.stderr.write(`slipway: ${note}\n`);
    }
    io.stdout.write(
      options.output === "json"
        ? `${JSON.stringify(summary)}\n`
        : `${renderPlanSummary(summary, target.label, io.columns)}\n${wrapText(sentence(summary), io.columns, "").join("\n")}\n`,
    );
    return summary.gate === "stopped" ? STOPPED : 0;
  },
};

/**
 * What the last applied plan stood on, and the rules that a release would go by, are told by the ledger; who may plan may not always read
 * that, and plans all the same.
 */
async function beforeIt(
  place: Parameters<typeof import("../infrastructure/plan-environment.ts").planEnvironment>[0],
): Promise<{ readonly ground?: PlanGround; readonly inForce?: PolicyInForce; readonly note?: string }> {
  const [{ openEnvironmentLedger }, { openPolicy }, { groundBefore }] = await Promise.all([
    import("../release/open-ledger.ts"),
    import("../release/open-policy.ts"),
    import("@slipway/release-engine"),
  ]);
  let entries: readonly LedgerEntry[];
  try {
    const opened = await openEnvironmentLedger(place);
    try {
      entries = await opened.ledger.read(place.signal);
    } finally {
      opened.close();
    }
  } catch (error) {
    if (place.signal.aborted) {
      throw error;
    }
    const why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return {
      note: `changes of providers, backend and rules are not looked for: the ledger cannot be read. ${why}`,
    };
  }
  const inForce = await openPolicy(place).inForce(entries, place.signal);
  const ground = groundBefore(entries);
  const { unknown } = inForce;
  return {
    inForce,
    ...(ground && { ground }),
    ...(unknown && { note: `${unknown.what}: ${unknown.why}. A release waits there: ${unknown.next}` }),
  };
}

function sentence({ environment, gate, changed }: PlanSummary): string {
  if (gate === "stopped") {
    return `A release of ${environment} would stop here, until somebody other than its author accepts these findings by name.`;
  }
  return changed ? "Nothing stands in the way of this plan." : "Nothing to do: the infrastructure is as its code says.";
}
