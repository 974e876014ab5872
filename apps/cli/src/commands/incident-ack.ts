import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import type { ChangeOptions } from "../incidents/change-incident.ts";
import { INCIDENT_ARGUMENT } from "../incidents/incident-argument.ts";
import { TARGET_OPTIONS } from "../target/target-aws.ts";

/** `slipway incident ack`: somebody is at it. */
export const incidentAck: Command = {
  name: "incident ack",
  summary: "say that you are at it: its clock stops, and nobody else is called, until it gets worse or comes back",
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }, INCIDENT_ARGUMENT],
  options: [...TARGET_OPTIONS, OUTPUT_OPTION],
  examples: ["slipway incident ack prod", "slipway incident ack prod i3"],
  json: { documents: ["incident-change"] },
  async run(options: ChangeOptions, io: CommandIo, [environment = "", id]: readonly string[]): Promise<number> {
    const [{ changeIncident }, { acknowledgeIncident }, { withoutAddress }] = await Promise.all([
      import("../incidents/change-incident.ts"),
      import("@slipway/release-engine"),
      import("../incidents/incident-words.ts"),
    ]);
    return changeIncident(options, io, { environment, id }, async ({ id: incident }, { ledger, target, by }) => {
      const { flags } = target;
      const write = await acknowledgeIncident(ledger, { by: await by(), incident, flags, signal: io.signal });
      const { state, response, title } = write.record;
      const { answered } = response;
      const of = `${incident} of ${environment}`;
      const already =
        state === "acknowledged" && answered !== undefined
          ? `was acknowledged by ${withoutAddress(answered.by)} at ${answered.at} already`
          : `is ${state}: there is nothing to acknowledge`;
      const said = write.entry === undefined ? `${of} ${already}. Nothing was written.` : `${of} is yours: ${title}.`;
      return { write, said };
    });
  },
};
