import type { CommandIo } from "../command.ts";
import type { TargetAws } from "../target/target-aws.ts";
import { GlassJournal } from "./glass-journal.ts";
import { localLedgerFolder } from "./local-folder.ts";

/** Says that something was done here without the ledger, which does not know of it yet. */
export function warnOfGlass(
  stderr: CommandIo["stderr"],
  { repository, target, name }: { readonly repository: string; readonly target: TargetAws; readonly name: string },
): void {
  const journal = new GlassJournal(localLedgerFolder(repository, target), name);
  if (journal.isThere) {
    stderr.write(
      `slipway: the traffic of ${name} was moved with --break-glass, and its ledger does not know it yet (${journal.path}).\n  Next: slipway ledger reconcile ${name}${target.flags}\n`,
    );
  }
}
