import type { Actor, LedgerEntry } from "@slipway/contracts";
import { choosePrunable, type PruneDecision, pruneBackups } from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import { thisHolder } from "../release/this-holder.ts";
import { UserError } from "../user-error.ts";
import type { OpenedBackups } from "./open-backups.ts";
import { renderPruning } from "./render-backups.ts";

export interface PruneRequest {
  readonly by: Actor;
  readonly keep: number | undefined;
  readonly maxAgeMs: number | undefined;
  /** Shows, and changes nothing. */
  readonly planOnly: boolean;
  readonly yes: boolean;
  readonly mayAsk: boolean;
}

export interface PruneResult {
  readonly outcome: "planned" | "pruned" | "nothing-to-do" | "refused" | "interrupted";
  readonly decisions: readonly PruneDecision[];
  /** ARNs of what is gone now. */
  readonly gone: readonly string[];
}

/**
 * Shows which backups would go, asks, and deletes them.
 *
 * @throws UserError when nobody can be asked
 * @throws ReleaseError when somebody else has the lease, what was shown does not hold any more, or AWS refuses it
 */
export async function pruneEnvironmentBackups(
  { backups, remover, opened, environment, tables, target, progress }: OpenedBackups,
  io: CommandIo,
  { by, keep, maxAgeMs, planOnly, yes, mayAsk }: PruneRequest,
): Promise<PruneResult> {
  const { ledger, clock } = opened;
  const policy = {
    environment,
    ...(keep === undefined ? {} : { keep }),
    ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
  };
  const decide = async (entries: readonly LedgerEntry[]): Promise<readonly PruneDecision[]> => {
    const decisions: PruneDecision[] = [];
    for (const table of tables) {
      decisions.push(...choosePrunable(await backups.list(table, io.signal), entries, policy, clock.now()));
    }
    return decisions;
  };
  const decisions = await decide(await ledger.read(io.signal));
  const doomed = doomedOf(decisions);
  if (doomed.length === 0 || planOnly) {
    return { outcome: doomed.length === 0 ? "nothing-to-do" : "planned", decisions, gone: [] };
  }
  if (!yes) {
    if (io.ask === undefined || !mayAsk) {
      throw new UserError("--yes: is missing, and nobody can be asked here. Look with --plan first.");
    }
    progress.stop();
    io.stderr.write(renderPruning(decisions, io.columns));
    const words = `prune ${environment}`;
    const answer = await io.ask(`${doomed.length} of these are deleted for good. Type "${words}" to go on: `);
    if (answer?.trim() !== words) {
      return { outcome: answer === undefined ? "interrupted" : "refused", decisions, gone: [] };
    }
  }
  const holder = thisHolder(by, `slipway backup ${environment} prune${target.flags}`);
  const onLine = (text: string) => void io.stderr.write(`${text}\n`);
  const gone = await pruneBackups(
    { remover, ledger },
    {
      ...{ holder, backups: doomed, onLine, signal: io.signal },
      chooseAgain: async (entries) => doomedOf(await decide(entries)),
    },
  );
  return { outcome: "pruned", decisions, gone };
}

function doomedOf(decisions: readonly PruneDecision[]) {
  return decisions.filter(({ isKept }) => !isKept).map(({ backup }) => backup);
}
