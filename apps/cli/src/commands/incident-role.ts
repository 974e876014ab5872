import type { IncidentRole } from "@slipway/contracts";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import type { ChangeOptions } from "../incidents/change-incident.ts";
import { INCIDENT_ARGUMENT } from "../incidents/incident-argument.ts";
import { TARGET_OPTIONS } from "../target/target-aws.ts";
import { UserError } from "../user-error.ts";

const ROLES: readonly IncidentRole[] = ["commander", "communications", "operations", "scribe"];

/** `slipway incident role`: who does what. */
export const incidentRole: Command = {
  name: "incident role",
  summary: "say who does what in an incident: who decides, who talks to people, who types, who writes down",
  arguments: [
    { name: "<environment>", description: "as in slipway.config.ts" },
    INCIDENT_ARGUMENT,
    { name: "[role]", description: ROLES.join(", ") },
    { name: "[person]", description: "the name" },
  ],
  options: [...TARGET_OPTIONS, OUTPUT_OPTION],
  examples: ["slipway incident role prod commander Jane", 'slipway incident role prod i3 scribe "Joe Bloggs"'],
  json: { documents: ["incident-change"] },
  async run(options: ChangeOptions, io: CommandIo, [environment = "", ...typed]: readonly string[]): Promise<number> {
    const { wordsAfterIncident } = await import("../incidents/words-after-incident.ts");
    const {
      id,
      words: [word, person],
    } = wordsAfterIncident(typed, ["role", "person"]);
    const role = ROLES.find((each) => each === word);
    if (role === undefined) {
      throw new UserError(`role: '${word}' is none. There are ${ROLES.join(", ")}.`);
    }
    const [{ changeIncident }, { assignRole }] = await Promise.all([
      import("../incidents/change-incident.ts"),
      import("@slipway/release-engine"),
    ]);
    return changeIncident(options, io, { environment, id }, async ({ id: incident }, { ledger, target, by }) => {
      const place = { flags: target.flags, signal: io.signal };
      const write = await assignRole(ledger, { by: await by(), incident, role, person, ...place });
      const already = write.entry === undefined ? " already" : "";
      return { write, said: `${write.record.roles[role]} is ${role} of ${incident} of ${environment}${already}.` };
    });
  },
};
