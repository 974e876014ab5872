import type { ReleaseReport, RollbackPart } from "@slipway/contracts";
import type { CommandIo } from "../command.ts";
import type { ReleaseSession } from "../release/release-command.ts";

/** What was typed after `slipway rollback`. */
export interface RollbackRequest {
  /** Environment's name. */
  readonly name: string;
  /** What goes back; with the code alone a word is said about the rest. */
  readonly parts: readonly RollbackPart[];
  /** The release to go to; the one before, unless said. */
  readonly to?: string;
  /** It is only to be shown. */
  readonly isPlan: boolean;
  /** Tables whose contents may be lost, typed as AWS calls them. */
  readonly confirmed?: readonly string[];
  readonly reason?: string;
  /** The lease is taken from whoever has it. */
  readonly takesOver: boolean;
  readonly output: "text" | "json";
}

/**
 * Rolls parts of an environment back, or shows how that would be done.
 *
 * @returns what came of it; undefined where all is said already
 */
export type PartRollback = (
  session: ReleaseSession,
  request: RollbackRequest,
  io: CommandIo,
) => Promise<ReleaseReport | undefined>;
