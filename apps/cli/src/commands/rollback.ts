import type { ReleaseReport, RollbackPart } from "@slipway/contracts";
import type { Command, CommandIo, CommandOption } from "../command.ts";
import {
  CONFIRM_OPTION,
  EXIT,
  exitCodeOfRollback,
  RELEASE_OPTIONS,
  type ReleaseOptions,
  releaseCommand,
} from "../release/release-command.ts";
import { DATA_OPTIONS, type DataOptions, dataOptionsIn } from "../rollback/data-options.ts";
import { UserError } from "../user-error.ts";

interface RollbackOptions
  extends DataOptions,
    Pick<ReleaseOptions, "plan" | "confirm" | "verbose" | "local" | "port" | "output"> {
  readonly to?: string;
  readonly reason?: string;
  readonly takeOver?: boolean;
  readonly breakGlass?: boolean;
  readonly version?: readonly string[];
}

/** In the order in which they go back. Their schema is not imported here: `slipway --help` should not wait for it. */
const PARTS: readonly RollbackPart[] = ["code", "infrastructure", "data"];

const TRAFFIC_OPTIONS: readonly CommandOption[] = [
  { flags: "--to <release>", description: "a release that was live, such as r12 (default: the one before)" },
  {
    flags: "--take-over",
    description: "take the lease away from whoever has it, such as a deploy that hangs; it is written down",
  },
  {
    flags: "--break-glass",
    description:
      "while the ledger cannot be reached: go by the copy of it on this machine, write down here what is done, and let slipway ledger reconcile bring it in later",
  },
  {
    flags: "--version <versions...>",
    description: "with --break-glass: where to go, as FUNCTION=N, instead of what the copy says",
  },
  CONFIRM_OPTION,
];

/** `slipway rollback`: goes back to where an earlier release was. */
export const rollback: Command = {
  name: "rollback",
  summary:
    "go back to an earlier release: give its versions all of the traffic again, one call a function, bring its infrastructure back by a plan, or both in one; exit code 0 when it is there and answers, 1 when something about it is bad, 2 when that could not be seen. A first release that is live stays: nothing ran before it",
  arguments: [
    { name: "<environment>", description: "as in slipway.config.ts" },
    {
      name: "[parts...]",
      description: "what goes back: code, infrastructure, or both, the code first; data by itself (default: code)",
      choices: PARTS,
    },
  ],
  options: [
    ...TRAFFIC_OPTIONS,
    { flags: "--plan", description: "show what it would do, and change nothing" },
    { flags: "--reason <text>", description: "why; it is written down with your name" },
    ...DATA_OPTIONS,
    ...RELEASE_OPTIONS,
  ],
  examples: [
    "slipway rollback prod --plan",
    'slipway rollback prod --reason "customers cannot check out"',
    "slipway rollback prod --to r12",
    "slipway rollback prod --take-over",
    'slipway rollback prod --break-glass --reason "DynamoDB is down, and so are orders"',
    "slipway rollback prod infrastructure --to r12",
    "slipway rollback prod code infrastructure --plan",
    "slipway rollback prod data --undo --release r7 --where after.price=0 --plan",
    "slipway rollback prod data --restore --table items-prod --to-time 2026-11-28T16:15:00Z --dry-run",
  ],
  json: { documents: ["release-report", "break-glass-report", "undo-preview"] },
  async run(options: RollbackOptions, io: CommandIo, [name = "", ...words]: readonly string[]): Promise<number> {
    if (options.reason?.trim() === "") {
      throw new UserError("--reason: is empty. Say why, or leave it out.");
    }
    const parts = partsIn(words);
    if (parts.includes("data")) {
      const forTraffic = dataOptionsIn(options, TRAFFIC_OPTIONS);
      if (forTraffic.length > 0) {
        throw new UserError(`${forTraffic.join(", ")}: for code and infrastructure only, not for data.`);
      }
      const { rollBackData } = await import("../rollback/data.ts");
      return rollBackData(options, io, name);
    }
    const forData = dataOptionsIn(options);
    if (forData.length > 0) {
      throw new UserError(`${forData.join(", ")}: for data only. Type slipway rollback ${name} data and so on.`);
    }
    if (options.breakGlass === true) {
      return rollBackWithoutLedger(options, io, name, parts);
    }
    if (options.version !== undefined) {
      throw new UserError("--version: only with --break-glass. Otherwise --to RELEASE says where to go.");
    }
    let report: ReleaseReport | undefined;
    const code = await releaseCommand("rollback", options, io, name, async (session) => {
      const { rollBackParts } = await import("../rollback/roll-back-parts.ts");
      const { to, reason, output = "text", plan: isPlan = false, takeOver: takesOver = false } = options;
      const { confirm: confirmed } = options;
      report = await rollBackParts(
        session,
        {
          ...{ name, parts, isPlan, takesOver, output },
          ...(to !== undefined && { to }),
          ...(confirmed !== undefined && { confirmed }),
          ...(reason !== undefined && { reason }),
        },
        io,
      );
      return report;
    });
    return exitCodeOfRollback(report, code);
  },
};

/**
 * What is typed after the environment, each once and in the order in which it goes back; the code, where nothing is.
 *
 * @throws UserError for data along with anything else
 */
function partsIn(words: readonly string[]): readonly RollbackPart[] {
  const parts = PARTS.filter((part) => words.includes(part));
  if (parts.includes("data") && parts.length > 1) {
    throw new UserError(
      "data: goes back by itself, never along with code or infrastructure: it loses what users wrote, or asks which writes were bad. Roll back the others first.",
    );
  }
  return parts.length === 0 ? ["code"] : parts;
}

async function rollBackWithoutLedger(
  options: RollbackOptions,
  io: CommandIo,
  name: string,
  parts: readonly RollbackPart[],
): Promise<number> {
  const { reason, to, version: versions = [], output = "text", plan, takeOver } = options;
  if (parts.includes("infrastructure") || plan === true || takeOver === true) {
    throw new UserError(
      "--break-glass: sends traffic to other versions at once; not with --plan, --take-over or infrastructure.",
    );
  }
  if (reason === undefined) {
    throw new UserError('--break-glass: say why, for the ledger: --reason "...".');
  }
  const { breakGlass, renderGlass } = await import("../rollback/break-glass.ts");
  let verdict: ReleaseReport["verified"];
  const code = await releaseCommand("rollback", options, io, name, async (session) => {
    const request = { name, versions, reason, output, ...(to !== undefined && { to }) };
    const report = await breakGlass(session, request, io);
    verdict = report.verdict;
    io.stdout.write(output === "json" ? `${JSON.stringify(report)}\n` : renderGlass(report, io.columns));
    return undefined;
  });
  return verdict === "fail" ? EXIT.bad : verdict === "unknown" ? EXIT.notFoundOut : code;
}
