import type { UsedAccess } from "@slipway/local-aws";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { ControlClient } from "../local/control-client.ts";
import { type LocalOptions, PORT_OPTION, portOf } from "../local/local-instance.ts";
import { table } from "../terminal/table.ts";

interface AccessOptions extends LocalOptions {
  readonly principal?: string;
  readonly denied?: boolean;
}

/** `slipway local access`: who used which permission, and which statement gave it. */
export const localAccess: Command = {
  name: "local access",
  summary: "show which permissions were used since the start, and which statements gave or denied them",
  options: [
    { flags: "--principal <text>", description: "only roles, users and services with this in their ARN or name" },
    { flags: "--denied", description: "only what was denied" },
    PORT_OPTION,
    OUTPUT_OPTION,
  ],
  examples: ["slipway local access --principal slipway-prod-deploy", "slipway local access --denied"],
  json: { documents: ["local-aws-access"] },
  async run(options: AccessOptions, io: CommandIo): Promise<number> {
    const all = await new ControlClient(portOf(options, io.env)).call<UsedAccess[]>("GET", "access");
    const used = all.filter(
      ({ principal, decision }) =>
        principal.includes(options.principal ?? "") && !(options.denied === true && decision.allowed),
    );
    if (options.output === "json") {
      io.stdout.write(`${JSON.stringify({ version: 1, used })}\n`);
    } else if (used.length === 0) {
      io.stdout.write("Nothing of the kind was asked for. Root's requests are not decided, and not listed.\n");
    } else {
      for (const [principal, entries] of Map.groupBy(used, (entry) => entry.principal)) {
        io.stdout.write(`${principal}\n${table(entries.map(row))}\n`);
      }
    }
    return 0;
  },
};

function row({ need, decision, count }: UsedAccess): string[] {
  const statements = decision.by.map(({ policy, statement }) => `${policy}#${statement}`).join(", ");
  const verdict = decision.allowed
    ? "allowed"
    : `${decision.denial === "explicit" ? "DENIED by a" : "DENIED: no"} ${decision.kind}`;
  return ["", `${count}x`, need.action, need.resource, statements === "" ? verdict : `${verdict} (${statements})`];
}
