import type { Investigation } from "@slipway/contracts";
import type { IncidentRecord, InvestigationRequest } from "@slipway/release-engine";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { INCIDENT_ARGUMENT } from "../incidents/incident-argument.ts";
import type { OpenIncidents } from "../incidents/open-incidents.ts";
import { checkTimeRange, MOMENT_HELP, parseMoment } from "../parse-time-range.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";

interface InvestigateOptions extends TargetOptions {
  readonly since?: string;
  readonly output?: "text" | "json";
}

const DEFAULT_SINCE = "30m";
/** The ledger is no better than the others: it may be down. */
const LEDGER_MS = 1_500;
/** What was found out is shown before it is written down, and nobody waits for that for long. */
const WRITE_MS = 3_000;

/** `slipway incident investigate`: what changed, what is seen, who is to blame, and what to do next. */
export const incidentInvestigate: Command = {
  name: "incident investigate",
  summary:
    "find out within seconds what changed before it began, what fails, which release is to blame, and what to do next",
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }, INCIDENT_ARGUMENT],
  options: [
    {
      flags: "--since <time>",
      description: `where no incident is meant: ${MOMENT_HELP} (default: ${DEFAULT_SINCE})`,
    },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: ["slipway incident investigate prod", "slipway incident investigate prod --since 2h --output json"],
  json: { documents: ["incident-investigation"] },
  async run(options: InvestigateOptions, io: CommandIo, [environment = "", id]: readonly string[]): Promise<number> {
    checkTimeRange(options);
    const { withIncidents } = await import("../incidents/open-incidents.ts");
    return withIncidents(options, io, environment, async (open) => {
      const [{ escapeControlsInJson }, { renderInvestigation }] = await Promise.all([
        import("../terminal/escape-controls.ts"),
        import("../incidents/render-investigation.ts"),
      ]);
      await investigate(open, options, io, id, (found) =>
        io.stdout.write(
          options.output === "json"
            ? `${escapeControlsInJson(JSON.stringify(found))}\n`
            : renderInvestigation(found, io.columns),
        ),
      );
      return 0;
    });
  },
};

/**
 * Finds out about an incident, or where none is open about what went on since a time, shows it, and writes down what is kept of it. Whatever
 * cannot be looked up is told as such: the ledger, in which the incident stands, is no better than the others.
 */
export async function investigate(
  open: OpenIncidents,
  { since }: Pick<InvestigateOptions, "since">,
  io: CommandIo,
  id: string | undefined,
  show: (found: Investigation) => void = () => {},
): Promise<{ readonly found: Investigation; readonly record: IncidentRecord | undefined }> {
  const { environment, ledger, opened, target, clock } = open;
  const [{ openLookPorts }, { openInvestigation }, { incidents, isUnderWay, keepFindings, ReleaseError, SourceDesk }] =
    await Promise.all([
      import("../incidents/open-look.ts"),
      import("../incidents/open-investigation.ts"),
      import("@slipway/release-engine"),
    ]);
  const looking = openLookPorts(opened, environment, io.signal);
  const over = new AbortController();
  try {
    // It is read side by side with the ledger, and has its own time with the other sources.
    const viewing = looking.view(AbortSignal.any([io.signal, over.signal]));
    viewing.catch(() => {});
    const desk = new SourceDesk(LEDGER_MS, io.signal);
    const entries = await desk.ask("ledger", (stop) => ledger.read(stop));
    const down = desk.answers[0]?.why ?? "";
    const { whichIncident } = await import("../incidents/which-incident.ts");
    const records = entries === undefined ? undefined : incidents(entries);
    const isNamed = id !== undefined || (since === undefined && records?.some(isUnderWay) === true);
    const record = records !== undefined && isNamed ? whichIncident(records, id, open) : undefined;
    if (entries === undefined) {
      const when = `what went on since ${since ?? DEFAULT_SINCE} is looked at; --since TIME names another time`;
      io.stderr.write(
        `slipway: the ledger does not answer: ${down}. Without it nobody knows when an incident began: ${when}\n`,
      );
    }
    const from = parseMoment("--since", since ?? DEFAULT_SINCE, clock.now());
    const about: InvestigationRequest["incident"] = record ?? { since: from };
    const unread = { kind: "unreachable", what: "The ledger cannot be read", next: "slipway doctor" } as const;
    const found = await openInvestigation({
      ...{ opened, ports: looking.ports, environment, io },
      resources: async () => (await viewing).resources,
    }).investigate(about, entries ?? new ReleaseError({ ...unread, why: down }));
    show(found);
    if (record !== undefined && isUnderWay(record)) {
      const writing = new SourceDesk(WRITE_MS, io.signal);
      await writing.ask("ledger", async (signal) =>
        keepFindings(ledger, { by: await open.by(), incident: record.id, flags: target.flags, signal }, found),
      );
      const [{ state, why } = { state: "down", why: "" }] = writing.answers;
      if (state !== "answered") {
        io.stderr.write(`slipway: what was found out is not in the ledger: ${why}\n`);
      }
    }
    return { found, record };
  } finally {
    // Whoever has not answered by now keeps nobody waiting.
    over.abort();
    looking.close();
  }
}
