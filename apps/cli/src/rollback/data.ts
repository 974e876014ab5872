import type { CommandIo } from "../command.ts";
import { type ReleaseOptions, releaseCommand } from "../release/release-command.ts";
import { UserError } from "../user-error.ts";
import { type DataOptions, dataOptionsIn } from "./data-options.ts";
import { RESTORE_OPTIONS } from "./restore-options.ts";
import { UNDO_OPTIONS } from "./undo-options.ts";

type DataRollbackOptions = DataOptions & Pick<ReleaseOptions, "plan" | "verbose" | "local" | "port" | "output">;

/**
 * `slipway rollback ENV data`: takes bad writes back in place, or restores a table and lets the restored one take its place.
 *
 * @returns the exit code
 * @throws UserError where it is not clear which of the two is meant, or a flag is the other's
 */
export async function rollBackData(options: DataRollbackOptions, io: CommandIo, name: string): Promise<number> {
  const undoes = options.undo === true || options.undoOf !== undefined;
  if (undoes === (options.restore === true)) {
    throw new UserError(
      "data: say how: --undo takes bad writes back in place, --undo-of RELEASE takes such an undo back, --restore lets a restored table take the place of the one there is.",
    );
  }
  const others = dataOptionsIn(options, undoes ? RESTORE_OPTIONS : UNDO_OPTIONS);
  if (others.length > 0) {
    throw new UserError(`${others.join(", ")}: not with ${undoes ? "--undo" : "--restore"}.`);
  }
  if (undoes) {
    const { undoData } = await import("./undo-data.ts");
    return undoData(options, io, name);
  }
  return releaseCommand("rollback", options, io, name, async (session) => {
    const { restoreTable } = await import("./restore-table.ts");
    return restoreTable(session, options, io, name);
  });
}
