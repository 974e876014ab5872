import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import type { ChangeOptions } from "../incidents/change-incident.ts";
import { INCIDENT_ARGUMENT } from "../incidents/incident-argument.ts";
import { TARGET_OPTIONS } from "../target/target-aws.ts";
import { UserError } from "../user-error.ts";

const TEMPLATES = ["investigating", "identified", "monitoring", "resolved"] as const;

interface UpdateOptions extends ChangeOptions {
  readonly template?: (typeof TEMPLATES)[number];
  readonly audience: "customers" | "colleagues";
}

/** `slipway incident update`: what stakeholders are told. */
export const incidentUpdate: Command = {
  name: "incident update",
  summary:
    "tell stakeholders how an incident stands, in your words or in those of a template, and keep what they were told",
  arguments: [
    { name: "<environment>", description: "as in slipway.config.ts" },
    INCIDENT_ARGUMENT,
    { name: "[text]", description: "what to tell; not with --template" },
  ],
  options: [
    { flags: "--template <kind>", description: "in the words of a template, from the record", choices: TEMPLATES },
    {
      flags: "--audience <who>",
      description: "whom the template is for",
      choices: ["customers", "colleagues"],
      default: "colleagues",
    },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: [
    'slipway incident update prod "We are taking r12 back; orders work again by 9:40"',
    "slipway incident update prod i3 --template monitoring --audience customers",
  ],
  json: { documents: ["incident-change"] },
  async run(options: UpdateOptions, io: CommandIo, [environment = "", ...typed]: readonly string[]): Promise<number> {
    const { template, audience } = options;
    const { wordsAfterIncident } = await import("../incidents/words-after-incident.ts");
    if (template !== undefined && (typed.length > 1 || (typed.length === 1 && !/^i\d+$/.test(typed[0] ?? "")))) {
      throw new UserError("--template: has words of its own. Leave the text away, or the template.");
    }
    const named = template === undefined ? wordsAfterIncident(typed, ["text"]) : { id: typed[0], words: [""] as const };
    const [{ changeIncident }, { noteIncident, statusUpdate }] = await Promise.all([
      import("../incidents/change-incident.ts"),
      import("@slipway/release-engine"),
    ]);
    return changeIncident(options, io, { environment, id: named.id }, async (record, { ledger, target, by }) => {
      const { id: incident, impact } = record;
      const text = template === undefined ? named.words[0] : statusUpdate(record, impact, template, audience);
      const place = { flags: target.flags, signal: io.signal };
      const write = await noteIncident(ledger, { by: await by(), incident, about: "update", text, ...place });
      const already = write.entry === undefined ? " They were told so already." : "";
      return { write, said: `Update of ${incident} of ${environment}: ${text}${already}`, isForPeople: true };
    });
  },
};
