import { JOURNAL_NAMESPACE, journalKey } from "@slipway/aws";
import type { GlassEntry, ReleaseReport } from "@slipway/contracts";
import { type HeldLedger, ReleaseError, type ReleaseOutcome, releases, rollBack } from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import { GlassJournal, type ReadJournal } from "../ledger/glass-journal.ts";
import { localLedgerFolder } from "../ledger/local-folder.ts";
import { withLease } from "../release/deploy-release.ts";
import type { ReleaseSession } from "../release/release-command.ts";
import { runDeployment } from "../release/run-deployment.ts";
import { thisActor } from "../release/this-actor.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { UserError } from "../user-error.ts";
import { begunMigrations } from "./begun-migrations.ts";
import { type CheckedJournal, checkedWords, checkJournal, type JournalSignatures } from "./check-journal.ts";
import { type ReconcileFacts, releaseToReconcile } from "./release-to-reconcile.ts";

/**
 * Brings the journal of what was done without the ledger into it, and lets the usual rollback come to where the traffic is already: it finds
 * the aliases there, verifies, and writes down what it is then. Where the traffic is elsewhere by now, it is only written down. A journal
 * whose signature does not hold is not brought in.
 *
 * @returns undefined where there is no journal
 * @throws UserError where it was only written down: nothing that was released has that traffic, or something was released since
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
  const checked = await checkJournal(read.entries, journal.path, await signaturesOf(open, io));
  io.stderr.write(`slipway: ${escapeControls(checkedWords(checked))}\n`);
  const actor = await thisActor({ repository: io.cwd, env: io.env, principal: open.principal });
  const command = `slipway ledger reconcile ${name}${target.flags}`;
  return runDeployment(session, io, name, async (onHeld) => {
    const outcome = await withLease(
      open,
      { actor, command, onHeld, flags: target.flags, isUrgent: true },
      async (held): Promise<ReleaseOutcome> => {
        const sequence = await bringIn(held, read, checked);
        // It is in the ledger: whatever comes, it is not brought in twice.
        journal.archive(sequence);
        const entries = await held.read();
        const records = releases(entries);
        const found = await releaseToReconcile({
          ...{ journal: read.entries, records, versionAt: versionsIn(open) },
          begun: entries.filter((each) => each.body.type === "release.started" && each.sequence < sequence),
        });
        if ("why" in found) {
          throw new UserError(
            `What was done is in the ledger of ${name} (entry ${sequence}), and no rollback was made of it: ${found.why}. Look: slipway status ${name}${target.flags}; to send the traffic to another release: slipway rollback ${name} --to RELEASE${target.flags}.`,
          );
        }
        const { to } = found;
        const { migrations } = await begunMigrations(open, io.cwd, records, {
          phases: ["contract"],
          signal: io.signal,
        });
        const reason = `${actor.name}: reconciles what was done without the ledger (${reasonOf(read.entries)})`;
        return await rollBack(open.ports, {
          ...{ held, handlers: open.handlers(held), reason, to, signal: io.signal },
          ...(migrations !== undefined && { migrations }),
        });
      },
    );
    return { kind: "outcome", outcome };
  });
}

/** Once, also where it was killed before the rest. @returns the number of the entry */
async function bringIn(
  held: HeldLedger,
  { entries, sha256, signed }: ReadJournal,
  checked: CheckedJournal,
): Promise<number> {
  const known = (await held.read()).find(
    ({ body }) => body.type === "break-glass.reconciled" && body.sha256 === sha256,
  );
  if (known !== undefined) {
    return known.sequence;
  }
  const { sequence } = await held.append({
    ...{ by: held.holder.actor, release: null },
    body: {
      ...{ type: "break-glass.reconciled", sha256, signed, journal: [...entries] },
      ...(checked.state === "holds" && { signature: { key: checked.key, by: checked.by } }),
    },
  });
  return sequence;
}

/** Checked by OpenSSH, and by the allowed signers of the rules in force, where those can be read. */
async function signaturesOf(open: ReleaseSession["open"], { env, signal }: CommandIo): Promise<JournalSignatures> {
  const allowed = await open.signatures(await open.ledger.read(signal));
  return {
    key: (hash, signature) => journalKey(hash, signature, env),
    ...(allowed !== undefined && {
      verify: (request) => allowed.verify({ ...request, namespace: JOURNAL_NAMESPACE }),
    }),
  };
}

/** All of the traffic has to be there: with a share for another version it is at none. */
function versionsIn({ functions }: ReleaseSession["open"]): ReconcileFacts["versionAt"] {
  return async (functionName, alias) => {
    try {
      const { version, weights } = await functions.readAlias(functionName, alias);
      return Object.values(weights).some((share) => share > 0) ? undefined : version;
    } catch (error) {
      if (error instanceof ReleaseError) {
        return undefined;
      }
      throw error;
    }
  };
}

function reasonOf(entries: readonly GlassEntry[]): string {
  return entries.flatMap(({ body }) => (body.type === "glass.broken" ? [body.reason] : [])).join("; ");
}
