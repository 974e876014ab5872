import type { Severity } from "@slipway/contracts";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import type { ChangeOptions } from "../incidents/change-incident.ts";
import { checkTimeRange, MOMENT_HELP, parseMoment } from "../parse-time-range.ts";
import { TARGET_OPTIONS } from "../target/target-aws.ts";
import { UserError } from "../user-error.ts";

interface OpenOptions extends ChangeOptions {
  readonly severity?: string;
  readonly reason?: string;
  readonly since?: string;
}

/** `slipway incident open`: somebody has noticed what no rule has. */
export const incidentOpen: Command = {
  name: "incident open",
  summary:
    "open an incident, and tell people; what the same person has opened by that title already is not opened twice",
  arguments: [
    { name: "<environment>", description: "as in slipway.config.ts" },
    { name: "<title>", description: "what users notice, in a line" },
  ],
  options: [
    {
      flags: "--severity <n>",
      description: "1: outage, data loss, breach; 2: a part fails, over 5 % errors; 3: 1 to 5 %, slow; 4: all else",
      choices: ["1", "2", "3", "4"],
    },
    { flags: "--reason <text>", description: "why it is that bad: with numbers" },
    { flags: "--since <time>", description: `when it began: ${MOMENT_HELP} (default: now)` },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: [
    'slipway incident open prod "Orders are empty" --severity 1 --reason "4 of 4 customers see none"',
    'slipway incident open prod "Search is slow" --severity 3 --reason "7 s instead of 1" --since 20m',
  ],
  json: { documents: ["incident-change"] },
  async run(options: OpenOptions, io: CommandIo, [environment = "", title = ""]: readonly string[]): Promise<number> {
    const severity = severityOf(options.severity);
    const reason = options.reason?.trim() ?? "";
    if (title.trim() === "") {
      throw new UserError("title: is empty. Say in a line what users notice.");
    }
    if (reason === "") {
      throw new UserError(
        `--reason: is ${options.reason === undefined ? "missing" : "empty"}. Say why it is that bad.`,
      );
    }
    checkTimeRange(options.since === undefined ? {} : { since: options.since });
    const [{ changeIncidents }, { openIncident }, words] = await Promise.all([
      import("../incidents/change-incident.ts"),
      import("@slipway/release-engine"),
      import("../incidents/incident-words.ts"),
    ]);
    return changeIncidents(options, io, environment, async ({ ledger, clock, config, by }) => {
      const now = clock.now();
      const began = options.since === undefined ? now : parseMoment("--since", options.since, now);
      if (began > now) {
        throw new UserError(`--since: ${new Date(began).toISOString()} is later than now. Say when it began.`);
      }
      const write = await openIncident(ledger, {
        ...{ by: await by(), title: title.trim(), severity, reasons: [reason], signals: [], openedBy: "person" },
        ...{ startedAt: new Date(began).toISOString(), signal: io.signal },
      });
      const { record, entry } = write;
      const { incidentSummary } = await import("../incidents/incident-summary.ts");
      const clockWords = words.clockWords(incidentSummary(record, config.incidents, clock.now()));
      const said = `${record.id} of ${environment}, ${words.severityWords(record.severity)}: ${record.title}; ${clockWords}.`;
      return { write, said: entry === undefined ? `It is open already. ${said}` : said, isForPeople: true };
    });
  },
};

function severityOf(text: string | undefined): Severity {
  if (text === undefined) {
    throw new UserError(
      "--severity: is missing. 1: outage, data loss, breach; 2: a part fails, over 5 % errors; 3: 1 to 5 % errors, slow answers; 4: all else.",
    );
  }
  return Number(text) as Severity;
}
