import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import type { ChangeOptions } from "../incidents/change-incident.ts";
import { TARGET_OPTIONS } from "../target/target-aws.ts";
import { UserError } from "../user-error.ts";

interface CloseOptions extends ChangeOptions {
  readonly reason?: string;
}

/** `slipway incident close`: the paper is done, too. */
export const incidentClose: Command = {
  name: "incident close",
  summary: "close an incident that is resolved: when its checklist is done, or for a reason",
  arguments: [
    { name: "<environment>", description: "as in slipway.config.ts" },
    { name: "[incident]", description: "such as i3; can be left out where exactly one is resolved and not closed" },
  ],
  options: [
    { flags: "--reason <text>", description: "why it is closed although lines of its checklist are open" },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: ["slipway incident close prod", 'slipway incident close prod i3 --reason "it is the same as i2"'],
  json: { documents: ["incident-change"] },
  async run(options: CloseOptions, io: CommandIo, [environment = "", id]: readonly string[]): Promise<number> {
    const reason = options.reason?.trim();
    if (reason === "") {
      throw new UserError("--reason: is empty. Say why it is closed.");
    }
    const [{ changeIncident }, { closeIncident, incidentChecklist }, { isToBeClosed }] = await Promise.all([
      import("../incidents/change-incident.ts"),
      import("@slipway/release-engine"),
      import("../incidents/which-incident.ts"),
    ]);
    return changeIncident(options, io, { environment, id, isMeant: isToBeClosed }, async (record, open) => {
      const { ledger, target, by } = open;
      const { id: incident } = record;
      if (reason === undefined && record.state === "resolved") {
        const lines = incidentChecklist(record, await ledger.read(io.signal), { environment, flags: target.flags });
        const open = lines.filter(({ state }) => state !== "done");
        if (open.length > 0) {
          throw new UserError(
            `${incident} has ${open.length} of ${lines.length} lines of its checklist open:\n${open.map(({ title, found }) => `  ${title}: ${found}`).join("\n")}\nDo what they say, or say why not: slipway incident close ${environment} ${incident}${target.flags} --reason 'WHY'`,
          );
        }
      }
      const why = reason ?? "its checklist is done";
      const place = { flags: target.flags, signal: io.signal };
      const write = await closeIncident(ledger, { by: await by(), incident, reason: why, ...place });
      const said = `${incident} of ${environment} is closed${write.entry === undefined ? " already" : `: ${why}`}.`;
      return { write, said };
    });
  },
};
