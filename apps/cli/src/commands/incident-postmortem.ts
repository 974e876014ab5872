import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";
import { escapeControls, escapeControlsInJson } from "../terminal/escape-controls.ts";
import { UserError } from "../user-error.ts";

interface PostmortemOptions extends TargetOptions {
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly zone?: string;
  readonly output?: "text" | "json";
}

/** `slipway incident postmortem`: the document that is talked about when an incident is over. */
export const incidentPostmortem: Command = {
  name: "incident postmortem",
  summary:
    "write the post-mortem of an incident as Markdown with charts: timeline, impact by metrics, what changed before it, what was done, and what is left for people to say",
  arguments: [
    { name: "<environment>", description: "as in slipway.config.ts" },
    {
      name: "[incident]",
      description: "such as i3; can be left out where exactly one is resolved and not closed",
    },
  ],
  options: [
    {
      flags: "--out <file>",
      description: "where to write the Markdown; charts lie beside it (default: docs/postmortems/ENV-ID/postmortem.md)",
    },
    { flags: "--overwrite", description: "write it anew where it is there: what people have filled in is lost" },
    {
      flags: "--zone <zone>",
      description: "time zone of its readers, beside UTC, such as Europe/Berlin (default: TZ, or the machine's)",
    },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: [
    "slipway incident postmortem prod i3",
    "slipway incident postmortem prod i3 --zone America/New_York --out postmortem.md",
  ],
  json: { documents: ["incident-postmortem"] },
  async run(options: PostmortemOptions, io: CommandIo, [environment = "", id]: readonly string[]): Promise<number> {
    const { out, overwrite = false, output } = options;
    const [
      { parseZone },
      { readerZone },
      { commandLedger },
      { environmentView },
      { whichIncident, isToBeClosed },
      engine,
      aws,
      { AwsLogsReader },
    ] = await Promise.all([
      import("../incidents/postmortem/zoned-time.ts"),
      import("../incidents/reader-zone.ts"),
      import("../ledger/command-ledger.ts"),
      import("../target/environment-view.ts"),
      import("../incidents/which-incident.ts"),
      import("@slipway/release-engine"),
      import("@slipway/aws"),
      import("@slipway/aws/logs"),
    ]);
    // What is typed wrong should be said at once.
    const zone = options.zone === undefined ? readerZone(io.env) : parseZone("--zone", options.zone);
    const { config, target, ledger, clock, redactor, credentials, repository, close } = await commandLedger(
      options,
      io,
      environment,
    );
    const settings = config.environments[environment];
    if (settings === undefined) {
      throw new Error(`${environment} was in the configuration a moment ago`);
    }
    const { region, endpoint, flags, label } = target;
    const client = { region, endpoint, credentials };
    const [metrics, logs, alarms] = [
      new aws.AwsMetricsReader(client),
      new AwsLogsReader(client),
      new aws.AwsAlarmsReader(client),
    ];
    try {
      const { signal } = io;
      const entries = await ledger.read(signal);
      const record = whichIncident(engine.incidents(entries), id, { environment, target }, isToBeClosed);
      const { gatherPostmortem } = await import("../incidents/postmortem/gather-postmortem.ts");
      // What is not deployed any more, or whose state cannot be read, has had its incident nevertheless.
      const view = await environmentView({ config, environment, target, signal }).catch((error: unknown) => {
        if (!(error instanceof UserError || error instanceof engine.ReleaseError) || signal.aborted) {
          throw error;
        }
        return { resources: { stages: [], alarms: [] }, resourcesUnknown: error.message.split("\n")[0] ?? "" };
      });
      const place = { directory: repository, env: io.env, signal };
      const postmortem = await gatherPostmortem(
        {
          ...{ metrics, logs, alarms, redactor },
          commits: (since, until) => aws.commitsBetween(place, { since, until }),
        },
        {
          ...{ environment, target: label, flags, record, entries, config: settings },
          ...{ resources: view.resources, now: clock.now(), signal },
          ...("resourcesUnknown" in view && { resourcesUnknown: view.resourcesUnknown }),
        },
      );
      if (output === "json") {
        io.stdout.write(`${escapeControlsInJson(JSON.stringify(postmortem))}\n`);
        return 0;
      }
      const { writePostmortem } = await import("../incidents/postmortem/write-postmortem.ts");
      const written = await writePostmortem(postmortem, {
        ...{ cwd: io.cwd, repository, overwrite, zone, flags },
        ...(out === undefined ? {} : { out }),
      });
      const gaps = postmortem.gaps.map((gap) => `Not known: ${escapeControls(gap)}\n`).join("");
      io.stdout.write(
        `${[written.markdown, ...written.charts].map((path) => escapeControls(path)).join("\n")}\n${gaps}Fill in what is marked TODO, commit it, and write down that it is there: slipway incident note ${environment} ${record.id} "..." --about documented${flags}\n`,
      );
      return 0;
    } finally {
      metrics.close();
      logs.close();
      alarms.close();
      close();
    }
  },
};
