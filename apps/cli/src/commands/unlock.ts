import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";
import { escapeControlsInJson } from "../terminal/escape-controls.ts";
import { UserError } from "../user-error.ts";

interface UnlockOptions extends TargetOptions {
  readonly reason?: string;
  readonly yes?: boolean;
  readonly output?: "text" | "json";
}

const INTERRUPTED = 130;
/** Entries in which the release is looked for that has made the topic; a release has some dozens. */
const LOOK_BACK = 400;

/** `slipway unlock`: takes the lease away from a holder that is not coming back. */
export const unlock: Command = {
  name: "unlock",
  summary: "take the right to change an environment away from whoever holds it; exit code 1 when it was left alone",
  failureCode: 2,
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }],
  options: [
    { flags: "--reason <text>", description: "why: it is written into the ledger" },
    { flags: "--yes", description: "without being asked; needed where nobody sits at a terminal" },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: [
    'slipway unlock prod --reason "the runner was shut down"',
    "slipway unlock prod --local --reason test --yes",
  ],
  json: { documents: ["unlock-report"] },
  async run(options: UnlockOptions, io: CommandIo, [environment = ""]: readonly string[]): Promise<number> {
    const [{ commandLedger }, { breakLease, renderUnlock }, { openAnnouncer }] = await Promise.all([
      import("../ledger/command-ledger.ts"),
      import("../ledger/break-lease.ts"),
      import("../release/open-announcer.ts"),
    ]);
    const opened = await commandLedger(options, io, environment);
    const { config, ledger, target, redactor, credentials } = opened;
    const { region, endpoint } = target;
    const people = openAnnouncer({
      config: config.environments[environment]?.release.notifications ?? { webhooks: [] },
      ...{ env: io.env, redactor },
      client: { region, endpoint, credentials },
      readEntries: () => ledger.readLatest(LOOK_BACK),
      onLine: (text) => void io.stderr.write(`${text}\n`),
    });
    try {
      const reason = options.reason?.trim();
      if (reason === "") {
        throw new UserError("--reason: is empty. Say why: it is what others read later.");
      }
      const report = await breakLease(opened, {
        ...{ environment, io, mayAsk: options.output !== "json" },
        ...{ yes: options.yes === true, reason, announcer: people.announcer },
      });
      if (report.outcome === "interrupted") {
        io.stderr.write("slipway: interrupted; nothing was changed.\n");
        return INTERRUPTED;
      }
      io.stdout.write(
        options.output === "json"
          ? `${escapeControlsInJson(JSON.stringify(report))}\n`
          : renderUnlock(report, target.flags, io.columns),
      );
      return report.outcome === "refused" ? 1 : 0;
    } finally {
      people.close();
      opened.close();
    }
  },
};
