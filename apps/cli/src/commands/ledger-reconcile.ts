import type { ReleaseReport } from "@slipway/contracts";
import type { Command, CommandIo } from "../command.ts";
import {
  exitCodeOfRollback,
  RELEASE_OPTIONS,
  type ReleaseOptions,
  releaseCommand,
} from "../release/release-command.ts";
import { UserError } from "../user-error.ts";

type ReconcileOptions = Pick<ReleaseOptions, "verbose" | "local" | "port" | "output">;

/** `slipway ledger reconcile`: brings what was done with --break-glass into the ledger. */
export const ledgerReconcile: Command = {
  name: "ledger reconcile",
  summary:
    "bring what slipway rollback --break-glass did into the ledger, and let a rollback say the same; exit codes as of slipway rollback",
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }],
  options: [...RELEASE_OPTIONS],
  examples: ["slipway ledger reconcile prod"],
  json: { documents: ["release-report"] },
  async run(options: ReconcileOptions, io: CommandIo, [name = ""]: readonly string[]): Promise<number> {
    const { reconcile } = await import("../rollback/reconcile.ts");
    let report: ReleaseReport | undefined;
    const code = await releaseCommand("rollback", options, io, name, async (session) => {
      report = await reconcile(session, io, name);
      if (report === undefined) {
        throw new UserError(`There is no journal of ${name} to reconcile: nothing was done with --break-glass here.`);
      }
      return report;
    });
    return exitCodeOfRollback(report, code);
  },
};
