import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import type { ChangeOptions } from "../incidents/change-incident.ts";
import { INCIDENT_ARGUMENT } from "../incidents/incident-argument.ts";
import { TARGET_OPTIONS } from "../target/target-aws.ts";

/** Those of the checklist, and two more; what stakeholders are told has a command of its own. */
const ABOUT = [
  ...(["note", "action-item", "classified", "stakeholders", "root-cause", "fix", "deployed", "verified"] as const),
  ...(["documented", "post-mortem", "preventive", "documentation"] as const),
] as const;

interface NoteOptions extends ChangeOptions {
  readonly about: (typeof ABOUT)[number];
}

/** `slipway incident note`: what somebody has found out, done or decided. */
export const incidentNote: Command = {
  name: "incident note",
  summary: "write down what you found out, did or decided about an incident, with your name; of one that is over, too",
  arguments: [
    { name: "<environment>", description: "as in slipway.config.ts" },
    INCIDENT_ARGUMENT,
    { name: "[text]", description: "what to write down" },
  ],
  options: [
    {
      flags: "--about <line>",
      description: "the line of the checklist that it answers; action-item: what is to be done later",
      choices: ABOUT,
      default: "note",
    },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: [
    'slipway incident note prod "the payment provider says that it is not them"',
    'slipway incident note prod i3 "r12 asks for an index that is not there" --about root-cause',
    'slipway incident note prod i3 "Jane: a test with production data" --about action-item',
  ],
  json: { documents: ["incident-change"] },
  async run(options: NoteOptions, io: CommandIo, [environment = "", ...typed]: readonly string[]): Promise<number> {
    const { wordsAfterIncident } = await import("../incidents/words-after-incident.ts");
    const {
      id,
      words: [text],
    } = wordsAfterIncident(typed, ["text"]);
    const [{ changeIncident }, { noteIncident }] = await Promise.all([
      import("../incidents/change-incident.ts"),
      import("@slipway/release-engine"),
    ]);
    return changeIncident(options, io, { environment, id }, async ({ id: incident }, { ledger, target, by }) => {
      const { about } = options;
      const place = { flags: target.flags, signal: io.signal };
      const write = await noteIncident(ledger, { by: await by(), incident, about, text, ...place });
      const line = about === "note" ? "" : `, about ${about}`;
      const said = `Noted for ${incident} of ${environment}${line}${write.entry === undefined ? " already" : ""}.`;
      return { write, said };
    });
  },
};
