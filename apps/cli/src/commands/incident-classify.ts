import type { Severity } from "@slipway/contracts";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import type { ChangeOptions } from "../incidents/change-incident.ts";
import { INCIDENT_ARGUMENT } from "../incidents/incident-argument.ts";
import { TARGET_OPTIONS } from "../target/target-aws.ts";
import { UserError } from "../user-error.ts";

interface ClassifyOptions extends ChangeOptions {
  readonly reason?: string;
}

/** `slipway incident classify`: how bad it is, by somebody's word. */
export const incidentClassify: Command = {
  name: "incident classify",
  summary:
    "say how bad an incident is; no rule changes it from then on, and what gets worse has to be acknowledged again",
  arguments: [
    { name: "<environment>", description: "as in slipway.config.ts" },
    INCIDENT_ARGUMENT,
    { name: "[severity]", description: "1 (critical), 2 (high), 3 (medium) or 4 (low)" },
  ],
  options: [
    { flags: "--reason <text>", description: "why it is that bad: with numbers" },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: [
    'slipway incident classify prod 1 --reason "all orders since 9:10 are lost"',
    'slipway incident classify prod i3 4 --reason "only the load test is hit"',
  ],
  json: { documents: ["incident-change"] },
  async run(options: ClassifyOptions, io: CommandIo, [environment = "", ...typed]: readonly string[]): Promise<number> {
    const { wordsAfterIncident } = await import("../incidents/words-after-incident.ts");
    const {
      id,
      words: [word],
    } = wordsAfterIncident(typed, ["severity"]);
    if (!/^[1-4]$/.test(word)) {
      throw new UserError(`severity: '${word}' is none. Give 1 (critical), 2 (high), 3 (medium) or 4 (low).`);
    }
    const reason = options.reason?.trim() ?? "";
    if (reason === "") {
      throw new UserError(
        `--reason: is ${options.reason === undefined ? "missing" : "empty"}. Say why it is that bad.`,
      );
    }
    const [{ changeIncident }, { classifyIncident }, words, { incidentSummary }] = await Promise.all([
      import("../incidents/change-incident.ts"),
      import("@slipway/release-engine"),
      import("../incidents/incident-words.ts"),
      import("../incidents/incident-summary.ts"),
    ]);
    const severity = Number(word) as Severity;
    return changeIncident(options, io, { environment, id }, async ({ id: incident }, open) => {
      const { ledger, target, clock, config, by } = open;
      const write = await classifyIncident(ledger, {
        ...{ by: await by(), incident, severity, reasons: [reason], classifiedBy: "person" },
        ...{ flags: target.flags, signal: io.signal },
      });
      const { record, entry } = write;
      const clockWords = words.clockWords(incidentSummary(record, config.incidents, clock.now()));
      const of = `${incident} of ${environment} is ${words.severityWords(record.severity)}`;
      const said = entry === undefined ? `${of} already. Nothing was written.` : `${of} now; ${clockWords}.`;
      return { write, said };
    });
  },
};
