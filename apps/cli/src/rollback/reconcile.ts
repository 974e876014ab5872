import type { GlassEntry, ReleaseReport } from "@slipway/contracts";
import { type HeldLedger, type ReleaseOutcome, type ReleaseRecord, releases, rollBack } from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import { GlassJournal, type ReadJournal } from "../ledger/glass-journal.ts";
import { localLedgerFolder } from "../ledger/local-folder.ts";
import { withLease } from "../release/deploy-release.ts";
import type { ReleaseSession } from "../release/release-command.ts";
import { runDeployment } from "../release/run-deployment.ts";
import { thisActor } from "../release/this-actor.ts";
import { UserError } from "../user-error.ts";

/**
 * Brings the journal of what was done without the ledger into it, and lets the usual rollback come to where the traffic is already: it finds
 * the aliases there, verifies, and writes down what it is then.
 *
 * @returns undefined where there is no journal
 * @throws UserError where versions were named that no release has: those have to be released, or left
 */
export async function reconcile(
  session: ReleaseSession,
  io: CommandIo,
  name: string,
): Promise<ReleaseReport | undefined> {
  const { open, target } = session;
  const journal = new GlassJournal(localLedgerFolder(io.cwd, target), name);
  const read = journal.read();
  if (read === undefined) {
    return undefined;
  }
  const actor = await thisActor({ repository: io.cwd, env: io.env, principal: open.principal });
  const command = `slipway ledger reconcile ${name}${target.flags}`;
  return runDeployment(session, io, name, async (onHeld) => {
    const outcome = await withLease(
      open,
      { actor, command, onHeld, flags: target.flags, isUrgent: true },
      async (held): Promise<ReleaseOutcome> => {
        const sequence = await bringIn(held, read);
        const records = releases(await held.read());
        const to = releaseOf(read.entries, records);
        if (to === undefined) {
          journal.archive(sequence);
          throw new UserError(
            `What was done is in the ledger of ${name} (entry ${sequence}). The versions that were named are those of no release: type slipway rollback ${name} --to RELEASE${target.flags} for one, or release what should run.`,
          );
        }
        const reason = `${actor.name}: reconciles what was done without the ledger (${reasonOf(read.entries)})`;
        const ended = await rollBack(open.ports, {
          held,
          handlers: open.handlers(held),
          reason,
          to,
          signal: io.signal,
        });
        journal.archive(sequence);
        return ended;
      },
    );
    return { kind: "outcome", outcome };
  });
}

/** Once, also where it was killed before the rest. @returns the number of the entry */
async function bringIn(held: HeldLedger, { entries, sha256, signed }: ReadJournal): Promise<number> {
  const known = (await held.read()).find(
    ({ body }) => body.type === "break-glass.reconciled" && body.sha256 === sha256,
  );
  if (known !== undefined) {
    return known.sequence;
  }
  const { sequence } = await held.append({
    ...{ by: held.holder.actor, release: null },
    body: { type: "break-glass.reconciled", sha256, signed, journal: [...entries] },
  });
  return sequence;
}

/** The release whose versions have the traffic by the journal: the one that it was sent to, or one that had all of those versions. */
function releaseOf(entries: readonly GlassEntry[], records: readonly ReleaseRecord[]): string | undefined {
  const broken = entries.findLast(({ body }) => body.type === "glass.broken")?.body;
  if (broken?.type !== "glass.broken") {
    return undefined;
  }
  if (broken.to !== null) {
    return broken.to;
  }
  return records.findLast(
    ({ wasLive, functions }) =>
      wasLive === true &&
      broken.targets.every(({ functionName, version }) =>
        functions.some((each) => each.functionName === functionName && each.version === version),
      ),
  )?.id;
}

function reasonOf(entries: readonly GlassEntry[]): string {
  return entries.flatMap(({ body }) => (body.type === "glass.broken" ? [body.reason] : [])).join("; ");
}
