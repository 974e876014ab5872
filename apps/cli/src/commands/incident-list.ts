import type { IncidentList } from "@slipway/contracts";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";
import { escapeControlsInJson } from "../terminal/escape-controls.ts";
import { UserError } from "../user-error.ts";

interface ListOptions extends TargetOptions {
  readonly limit: string;
  readonly output?: "text" | "json";
}

const DEFAULT_LIMIT = "20";

/** `slipway incident list`: what there was, and who has to answer to what there is. */
export const incidentList: Command = {
  name: "incident list",
  summary: "list the incidents of an environment, the newest first, with the clocks that run",
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }],
  options: [
    { flags: "--limit <n>", description: "how many at most", default: DEFAULT_LIMIT },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: ["slipway incident list prod", "slipway incident list prod --limit 100 --output json"],
  json: { documents: ["incident-list"] },
  async run(options: ListOptions, io: CommandIo, [environment = ""]: readonly string[]): Promise<number> {
    const limit = Number(options.limit);
    if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) {
      throw new UserError(`--limit: '${options.limit}' is no number from 1 to 10000.`);
    }
    const [{ withIncidents }, { incidents }, { incidentSummary }, { renderIncidents }] = await Promise.all([
      import("../incidents/open-incidents.ts"),
      import("@slipway/release-engine"),
      import("../incidents/incident-summary.ts"),
      import("../incidents/render-incidents.ts"),
    ]);
    return withIncidents(options, io, environment, async ({ ledger, clock, config, target }) => {
      const records = incidents(await ledger.read(io.signal));
      const now = clock.now();
      const list: IncidentList = {
        ...{ version: 1, environment, target: target.label, now: new Date(now).toISOString() },
        incidents: records
          .slice(-limit)
          .toReversed()
          .map((record) => incidentSummary(record, config.incidents, now)),
        isCut: records.length > limit,
      };
      io.stdout.write(
        options.output === "json"
          ? `${escapeControlsInJson(JSON.stringify(list))}\n`
          : renderIncidents(list, target.flags, io.columns),
      );
      return 0;
    });
  },
};
