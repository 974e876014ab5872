import type { Holder } from "@slipway/contracts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import type { HeldLedger, Ledger } from "../ledger/ledger.ts";
import type { StateSlot, StateVersions } from "../ports/state-store.ts";
import { ReleaseError } from "../release-error.ts";
import type { StateRestorePlan } from "./plan-state-restore.ts";

export interface RestoreStatePorts {
  readonly store: StateVersions & StateSlot;
  readonly ledger: Ledger;
}

export interface RestoreStateOptions<T> {
  readonly holder: Holder;
  readonly signal?: AbortSignal;
  /** Looks at what came of it while nobody else can change the environment. */
  afterwards(): Promise<T>;
}

export interface RestoredState<T> {
  readonly serial: number;
  readonly versionId?: string;
  /** Who has Terraform's lock since: somebody's Terraform began while the state was put back, and has read the one before. */
  readonly lockedBy?: string;
  readonly afterwards: T;
}

/**
 * Puts a state back, as it was planned, under the environment's lease. One conditional write is the act: before it nothing has
 * happened, after it everything has.
 *
 * ```
 * lease ── lock? ── state.restoring ── lock? ── PUT if what is there is what was seen ── state.restored ── plan ── lease given back
 *                                        killed here: nothing was written      └── killed here: the ledger lacks its second half, and
 *                                                                                  the same command finds the state as it is to be
 * ```
 *
 * @throws {ReleaseError} `busy` when somebody has the lease, or Terraform's lock is held; `conflict` when the state is not any more what
 * it was when this was planned; `fenced` when the lease is lost: in all of these nothing was written. `failed` when something went wrong
 * after the write, or nobody knows whether it was done, and says so
 */
export async function restoreState<T>(
  { store, ledger }: RestoreStatePorts,
  { from, serial, chosen: { lineage }, write: { text, sha256, seen } }: StateRestorePlan,
  { holder, signal, afterwards }: RestoreStateOptions<T>,
): Promise<RestoredState<T>> {
  const { environment } = ledger;
  const held = await ledger.take(holder);
  let isPutBack = false;
  try {
    await assertUnlocked(store, environment, signal);
    const facts = { from, serial, lineage, sha256 };
    await append(held, { type: "state.restoring", ...facts });
    await assertUnlocked(store, environment, signal);
    assertNotInterrupted(signal, "before the state was put back", "nothing was changed; type the same command again");
    held.assertHeld();
    const { versionId } = await replace({ store, environment, serial }, text, seen);
    isPutBack = true;
    const version = versionId === undefined ? {} : { versionId };
    await append(held, { type: "state.restored", ...facts, ...version });
    const lock = await store.lock().catch(() => undefined);
    return {
      ...{ serial, ...version, ...(lock === undefined ? {} : { lockedBy: lock.who }) },
      afterwards: await afterwards(),
    };
  } catch (error) {
    throw isPutBack
      ? failed(`The state of ${environment} IS put back as serial ${serial}, but not all was done after that`, error)
      : error;
  } finally {
    // What could not be given back expires by itself, and must not hide what went wrong before.
    await held.release().catch(() => undefined);
  }
}

/**
 * Writes down that a restore was done, where whoever did it was killed before.
 *
 * @returns whether there was something to write down
 */
export async function finishRestore(
  { store, ledger }: RestoreStatePorts,
  { write: { seen } }: StateRestorePlan,
  holder: Holder,
): Promise<boolean> {
  const begun = (await ledger.read()).findLast(
    ({ body }) => body.type === "state.restoring" || body.type === "state.restored",
  )?.body;
  const present = await store.present();
  if (begun?.type !== "state.restoring" || present?.tag !== seen || present?.state?.serial !== begun.serial) {
    return false;
  }
  const { type: _, ...facts } = begun;
  await ledger.append({ by: holder.actor, release: null, body: { type: "state.restored", ...facts } });
  return true;
}

function append(held: HeldLedger, body: Parameters<HeldLedger["append"]>[0]["body"]) {
  return held.append({ by: held.holder.actor, release: null, body });
}

/** An answer that was lost looks like somebody else's write: what is there then says whether it was ours. */
async function replace(
  {
    store,
    environment,
    serial,
  }: Pick<RestoreStatePorts, "store"> & { readonly environment: string; readonly serial: number },
  text: string,
  seen: string | undefined,
): Promise<{ readonly versionId?: string }> {
  try {
    return await store.replace(text, seen);
  } catch (error) {
    const present = await store.present().catch(() => {
      throw failed(`Whether the state of ${environment} is put back as serial ${serial} is not known`, error);
    });
    if (present?.text === text) {
      return {};
    }
    throw error;
  }
}

/** Not a refusal: something was changed, or may have been. */
function failed(what: string, cause: unknown): ReleaseError {
  return new ReleaseError(
    {
      ...{ kind: "failed", what },
      why: cause instanceof ReleaseError ? `${cause.what}: ${cause.why}` : String(cause),
      next: "type the same command again: it finds what was put back, and goes on from there",
    },
    { cause },
  );
}

async function assertUnlocked(store: StateSlot, environment: string, signal: AbortSignal | undefined): Promise<void> {
  const lock = await store.lock(signal);
  if (lock !== undefined) {
    throw new ReleaseError({
      kind: "busy",
      what: `Terraform's lock on the state of ${environment} is held`,
      why: `${lock.who} has it since ${lock.created} (${lock.operation}, ${lock.id})`,
      next: `wait until that has ended; if it is dead: terraform force-unlock ${lock.id}, then type the same command again`,
    });
  }
}
