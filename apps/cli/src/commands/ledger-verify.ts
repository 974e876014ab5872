import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";

interface VerifyOptions extends TargetOptions {
  readonly output?: "text" | "json";
}

const WHOLE = 0;
const BROKEN = 1;
const NOT_FOUND_OUT = 2;

/** `slipway ledger verify`: whether the history is what was written. */
export const ledgerVerify: Command = {
  name: "ledger verify",
  summary: "recompute the chain of an environment's ledger; exit code 1 when it is broken, 2 when it could not be read",
  failureCode: NOT_FOUND_OUT,
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }],
  options: [...TARGET_OPTIONS, OUTPUT_OPTION],
  examples: ["slipway ledger verify prod", "slipway ledger verify prod --local --output json"],
  json: { documents: ["ledger-verification"] },
  async run(options: VerifyOptions, io: CommandIo, [environment = ""]: readonly string[]): Promise<number> {
    const [{ commandLedger }, { verifyLedger }] = await Promise.all([
      import("../ledger/command-ledger.ts"),
      import("../ledger/verify-ledger.ts"),
    ]);
    const { ledger, target, tableName, close } = await commandLedger(options, io, environment);
    try {
      const { report, text } = await verifyLedger(ledger, { target: target.label, tableName }, io);
      io.stdout.write(options.output === "json" ? `${JSON.stringify(report)}\n` : text);
      return report.whole ? WHOLE : BROKEN;
    } finally {
      close();
    }
  },
};
