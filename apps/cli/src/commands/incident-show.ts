import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { INCIDENT_ARGUMENT } from "../incidents/incident-argument.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";
import { escapeControlsInJson } from "../terminal/escape-controls.ts";

interface ShowOptions extends TargetOptions {
  readonly output?: "text" | "json";
}

/** `slipway incident show`: everything that the ledger tells of an incident. */
export const incidentShow: Command = {
  name: "incident show",
  summary:
    "show an incident: who has to answer until when, what fires, what changed before it, its timeline in UTC and your own time, and the guide's checklist",
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }, INCIDENT_ARGUMENT],
  options: [...TARGET_OPTIONS, OUTPUT_OPTION],
  examples: ["slipway incident show prod", "slipway incident show prod i3 --output json"],
  json: { documents: ["incident-report"] },
  async run(options: ShowOptions, io: CommandIo, [environment = "", id]: readonly string[]): Promise<number> {
    const [
      { withIncidents },
      { incidents },
      { whichIncident },
      { incidentReport },
      { renderIncident },
      { readerZone },
    ] = await Promise.all([
      import("../incidents/open-incidents.ts"),
      import("@slipway/release-engine"),
      import("../incidents/which-incident.ts"),
      import("../incidents/incident-report.ts"),
      import("../incidents/render-incident.ts"),
      import("../incidents/reader-zone.ts"),
    ]);
    return withIncidents(options, io, environment, async ({ ledger, clock, config, target }) => {
      const entries = await ledger.read(io.signal);
      const record = whichIncident(incidents(entries), id, { environment, target });
      const place = { environment, target, config: config.incidents, now: clock.now() };
      const report = incidentReport(record, entries, place);
      io.stdout.write(
        options.output === "json"
          ? `${escapeControlsInJson(JSON.stringify(report))}\n`
          : renderIncident(report, readerZone(io.env), io.columns),
      );
      return 0;
    });
  },
};
