import type { LedgerEntry, Proposal } from "@slipway/contracts";
import type { IncidentRecord } from "@slipway/release-engine";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { INCIDENT_ARGUMENT } from "../incidents/incident-argument.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";
import { UserError } from "../user-error.ts";
import { investigate } from "./incident-investigate.ts";

interface MitigateOptions extends TargetOptions {
  readonly rollback?: boolean;
  readonly yes?: boolean;
  readonly output?: "text" | "json";
}

const EXIT = { done: 0, failed: 1, waits: 3 } as const;

/** `slipway incident mitigate`: does what was proposed about an incident, or rolls back, and writes down what came of it. */
export const incidentMitigate: Command = {
  name: "incident mitigate",
  summary: "do what was proposed about an incident, or roll the code back, and write down what came of it",
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }, INCIDENT_ARGUMENT],
  options: [
    { flags: "--rollback", description: "send the traffic to the release before, whatever was proposed" },
    { flags: "--yes", description: "do it without a question" },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: ["slipway incident mitigate prod", "slipway incident mitigate prod i3 --rollback --yes"],
  json: { documents: ["incident-mitigation"] },
  async run(options: MitigateOptions, io: CommandIo, [environment = "", id]: readonly string[]): Promise<number> {
    const { withIncidents } = await import("../incidents/open-incidents.ts");
    return withIncidents(options, io, environment, async (open) => {
      const [engine, { whichIncident }, { actionRunner, runsByItself }, { wrapText }, escaping] = await Promise.all([
        import("@slipway/release-engine"),
        import("../incidents/which-incident.ts"),
        import("../incidents/run-action.ts"),
        import("../costs/wrap-text.ts"),
        import("../terminal/escape-controls.ts"),
      ]);
      const { ledger, target } = open;
      const entries = await ledger.read(io.signal);
      const record = whichIncident(engine.incidents(entries), id, open);
      if (!engine.isUnderWay(record)) {
        throw new UserError(
          `incident: ${record.id} is ${record.state}, and what was proposed for it then would meet what runs now. If it has come back: slipway incident detect ${environment}${target.flags}`,
        );
      }
      const proposal =
        options.rollback === true
          ? rollbackOf(environment, target.flags, record.id)
          : (proposedSince(record, entries) ?? (await investigate(open, {}, io, record.id)).found.proposal);
      const report = (action: object | null) => ({
        ...{ version: 1, environment, target: target.label, incident: record.id, proposal, action },
      });
      const say = (text: string) => `${wrapText(escaping.escapeControls(text), io.columns, "").join("\n")}\n`;
      if (!runsByItself(proposal.command)) {
        io.stdout.write(
          options.output === "json"
            ? `${escaping.escapeControlsInJson(JSON.stringify(report(null)))}\n`
            : say(`${proposal.because}. That is for people: ${proposal.command}`),
        );
        return EXIT.waits;
      }
      // The command in one piece: it may be typed again.
      await confirm(options, io, `${say(`${proposal.because}.`)}${escaping.escapeControls(proposal.command)}\n`);
      const mitigated = await engine.mitigateIncident(ledger, actionRunner(io, target), {
        ...{ by: await open.by(), incident: record.id, proposal, automatic: false },
        ...{ flags: target.flags, signal: io.signal },
      });
      const { action } = mitigated;
      io.stdout.write(
        options.output === "json"
          ? `${escaping.escapeControlsInJson(JSON.stringify(report(action)))}\n`
          : say(
              `${record.id} of ${environment}: ${action.kind} is ${action.state}${action.found === undefined ? "" : `: ${action.found}`}`,
            ),
      );
      return action.state === "done" ? EXIT.done : action.state === "waits" ? EXIT.waits : EXIT.failed;
    });
  },
};

/** What was proposed, unless a release has begun since: a way back that names none would go back from that one. */
function proposedSince({ id, proposal }: IncidentRecord, entries: readonly LedgerEntry[]): Proposal | undefined {
  const last = (isMeant: (entry: LedgerEntry) => boolean) => entries.findLastIndex(isMeant);
  const proposedAt = last(({ body }) => body.type === "incident.investigated" && body.incident === id);
  return proposedAt < last(({ body }) => body.type === "release.started") ? undefined : proposal;
}

function rollbackOf(environment: string, flags: string, incident: string): Proposal {
  return {
    kind: "rollback-code",
    because: `somebody wants the release before for ${incident}`,
    command: `slipway rollback ${environment} code${flags} --reason ${incident}`,
    safe: false,
  };
}

async function confirm({ yes, output }: MitigateOptions, io: CommandIo, question: string): Promise<void> {
  if (yes === true) {
    return;
  }
  if (io.ask === undefined || output === "json") {
    throw new UserError(`--yes: is missing, and nobody can be asked here. It would do this: ${question.trim()}`);
  }
  const answer = ((await io.ask(`${question}Do it? Type yes: `)) ?? "").trim().toLowerCase();
  if (answer !== "yes") {
    throw new UserError("Nothing was changed: the answer was not yes.");
  }
}
