import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import type { ChangeOptions } from "../incidents/change-incident.ts";
import { INCIDENT_ARGUMENT } from "../incidents/incident-argument.ts";
import { TARGET_OPTIONS } from "../target/target-aws.ts";
import { UserError } from "../user-error.ts";

interface ResolveOptions extends ChangeOptions {
  readonly override?: string;
}

/** `slipway incident resolve`: it is over, by its numbers or by somebody's word. */
export const incidentResolve: Command = {
  name: "incident resolve",
  summary: "say that an incident is over: where its numbers were good for a window, or where you answer for it",
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }, INCIDENT_ARGUMENT],
  options: [
    {
      flags: "--override <reason>",
      description: "resolve it although its numbers do not say so: why; it stays with your name",
    },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: [
    "slipway incident resolve prod",
    'slipway incident resolve prod i3 --override "nobody uses that endpoint any more"',
  ],
  json: { documents: ["incident-change"] },
  async run(options: ResolveOptions, io: CommandIo, [environment = "", id]: readonly string[]): Promise<number> {
    const override = options.override?.trim();
    if (override === "") {
      throw new UserError("--override: is empty. Say why it is over although its numbers do not say so.");
    }
    const [{ changeIncident }, { resolveIncident }, { measureRecovery }] = await Promise.all([
      import("../incidents/change-incident.ts"),
      import("@slipway/release-engine"),
      import("../incidents/measure-recovery.ts"),
    ]);
    return changeIncident(options, io, { environment, id }, async (record, open) => {
      const { id: incident } = record;
      const isOver = record.state === "resolved" || record.state === "closed";
      if (isOver) {
        const said = `${incident} of ${environment} is ${record.state} already. Nothing was written.`;
        return { write: { record, entry: undefined }, said };
      }
      const { verdict, resolvedAt, impact } = await measureRecovery(record, open.opened, environment, io.signal);
      const write = await resolveIncident(open.ledger, {
        ...{ by: await open.by(), incident, verdict, resolvedAt, ...(impact && { impact }) },
        ...{ ...(override !== undefined && { override }), flags: open.target.flags, signal: io.signal },
      });
      const word = write.record.resolution?.override;
      const why = word === undefined ? verdict.reason : `by override: ${word}. The numbers: ${verdict.reason}`;
      return { write, said: `${incident} of ${environment} is resolved: ${why}` };
    });
  },
};
