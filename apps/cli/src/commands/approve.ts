import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { TARGET_OPTIONS, type TargetOptions, targetAws } from "../target/target-aws.ts";

interface ApproveOptions extends TargetOptions {
  readonly plan?: string;
  readonly accept?: readonly string[];
  readonly comment?: string;
  readonly sign?: string;
  readonly output?: "text" | "json";
}

/** `slipway approve`: a named person's yes to a plan, bound to its bytes, its commit and its state. */
export const approve: Command = {
  name: "approve",
  summary: "show the plan that a release waits with, and say yes to exactly that one",
  arguments: [{ name: "[environment]", description: "as in slipway.config.ts (default: prod)" }],
  options: [
    {
      flags: "--plan <digest>",
      description: "say yes without being asked, to the plan whose digest begins so (at least 12 digits)",
    },
    {
      flags: "--accept <finding...>",
      description: "accept a finding that stops the plan, by its name: its id and its address; may be repeated",
    },
    { flags: "--comment <text>", description: "a word about it, for the ledger" },
    { flags: "--sign <key>", description: "sign it with an SSH key (file), where approvals.signers asks for that" },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: [
    "slipway approve prod",
    "slipway approve prod --plan 3f2a9c1b0d7e --sign ~/.ssh/id_ed25519",
    "slipway approve prod --accept plan.replace-stateful module.items.module.table.aws_dynamodb_table.this",
  ],
  json: { documents: ["approval-report"] },
  async run(options: ApproveOptions, io: CommandIo, [name = "prod"]: readonly string[]): Promise<number> {
    const [{ loadEnvironment }, { approvePlan }, { openEnvironmentLedger }, { openPolicy }] = await Promise.all([
      import("../environment-config.ts"),
      import("../infrastructure/approve-plan.ts"),
      import("../release/open-ledger.ts"),
      import("../release/open-policy.ts"),
    ]);
    const { repository, config } = await loadEnvironment(io.cwd, name);
    const target = await targetAws(options, io, config.region);
    const { env, signal } = io;
    const opened = await openEnvironmentLedger({ config, environment: name, target, env, signal });
    try {
      const { output = "text", ...asked } = options;
      return await approvePlan(
        {
          ...{ ledger: opened.ledger, redactor: opened.redactor, repository, environment: name },
          policy: openPolicy({ repository, config, environment: name, env }).inForce,
          where: target.label,
          flags: target.flags,
          // On local AWS everybody comes under the same role: it tells nobody from anybody.
          ...(target.isLocal ? {} : { principal: () => opened.principal() }),
        },
        asked,
        { io, output },
      );
    } finally {
      opened.close();
    }
  },
};
