import type { Investigation, LedgerEntry } from "@slipway/contracts";
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
      const { found } = await investigate(open, options, io, id);
      const [{ escapeControlsInJson }, { renderInvestigation }] = await Promise.all([
        import("../terminal/escape-controls.ts"),
        import("../incidents/render-investigation.ts"),
      ]);
      io.stdout.write(
        options.output === "json"
          ? `${escapeControlsInJson(JSON.stringify(found))}\n`
          : renderInvestigation(found, io.columns),
      );
      return 0;
    });
  },
};

/** Finds out about an incident, or where none is open about what went on since a time, and writes down what is kept of it. */
export async function investigate(
  open: OpenIncidents,
  { since }: Pick<InvestigateOptions, "since">,
  io: CommandIo,
  id: string | undefined,
): Promise<{ readonly found: Investigation; readonly record: IncidentRecord | undefined }> {
  const { environment, ledger, opened, target, clock } = open;
  const [{ openLook }, { openInvestigation }, { incidents, isUnderWay, keepFindings, ReleaseError }] =
    await Promise.all([
      import("../incidents/open-look.ts"),
      import("../incidents/open-investigation.ts"),
      import("@slipway/release-engine"),
    ]);
  const reading: Promise<readonly LedgerEntry[] | Error> = ledger
    .read(AbortSignal.any([io.signal, AbortSignal.timeout(LEDGER_MS)]))
    .catch((error: unknown) => {
      if (io.signal.aborted || !(error instanceof ReleaseError)) {
        throw error;
      }
      return error;
    });
  const [looking, read] = await Promise.all([openLook(opened, environment, io.signal), reading]);
  try {
    const entries = read instanceof Error ? undefined : read;
    const { whichIncident } = await import("../incidents/which-incident.ts");
    const records = entries === undefined ? undefined : incidents(entries);
    const isNamed = id !== undefined || (since === undefined && records?.some(isUnderWay) === true);
    const record = records !== undefined && isNamed ? whichIncident(records, id, open) : undefined;
    if (read instanceof Error) {
      io.stderr.write(`slipway: the ledger does not answer: ${read.message}\n`);
    }
    const from = parseMoment("--since", since ?? DEFAULT_SINCE, clock.now());
    const about: InvestigationRequest["incident"] = record ?? { since: from };
    const found = await openInvestigation({ opened, looking, environment, io }).investigate(about, entries);
    if (record !== undefined && isUnderWay(record)) {
      await keepFindings(
        ledger,
        { by: await open.by(), incident: record.id, flags: target.flags, signal: io.signal },
        found,
      );
    }
    return { found, record };
  } finally {
    looking.close();
  }
}
