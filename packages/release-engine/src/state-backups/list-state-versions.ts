import type { LedgerEntry } from "@slipway/contracts";
import type { StateBackupEntry, StateBackupStore, StateVersionEntry, StateVersions } from "../ports/state-store.ts";
import { originOf, type StateOrigin, stateOrigins } from "./state-origins.ts";

/** What a stored state says of itself. */
export interface StateFacts {
  readonly serial?: number;
  readonly lineage?: string;
  /** Managed resources in it. */
  readonly resources?: number;
  /** Why it cannot be read. */
  readonly problem?: string;
}

export type ListedVersion = StateVersionEntry & StateFacts & { readonly origin?: StateOrigin };

export interface ListedBackup extends StateBackupEntry, StateFacts {
  /** Who made it; absent where the ledger does not say. */
  readonly by?: string;
}

export interface StateListing {
  readonly location: string;
  /** Newest first. */
  readonly versions: readonly ListedVersion[];
  readonly olderVersions: number;
  readonly backups: readonly ListedBackup[];
}

/**
 * Lists what an environment's state could be brought back from: the versions that the bucket keeps, and the named copies.
 *
 * @param entries of the ledger, as far as it can be read
 * @param limit versions to read, at most: each is read whole, because only so it is known that it can be
 * @throws {ReleaseError} when it cannot be looked at
 */
export async function listStateVersions(
  store: StateVersions & StateBackupStore,
  { entries, limit, signal }: ListOptions,
): Promise<StateListing> {
  const [versions, backups] = await Promise.all([store.versions(signal), store.backups(signal)]);
  const origins = stateOrigins(entries);
  const makers = new Map(
    entries.flatMap(({ body, by }) => (body.type === "state.backed-up" ? [[body.name, by.name] as const] : [])),
  );
  const [listed, copies] = await Promise.all([
    Promise.all(
      versions.slice(0, limit).map(async (version): Promise<ListedVersion> => {
        const facts = version.isDeletion ? {} : factsOf(await store.readVersion(version.id, signal));
        const origin = facts.serial === undefined ? undefined : originOf(origins, { ...facts, serial: facts.serial });
        return { ...version, ...facts, ...(origin === undefined ? {} : { origin }) };
      }),
    ),
    Promise.all(
      backups.map(async (backup): Promise<ListedBackup> => {
        const by = makers.get(backup.name);
        const facts = factsOf(await store.readBackup(backup.name, signal));
        return { ...backup, ...facts, ...(by === undefined ? {} : { by }) };
      }),
    ),
  ]);
  return {
    ...{ location: store.location, versions: listed, backups: copies },
    olderVersions: Math.max(0, versions.length - limit),
  };
}

export interface ListOptions {
  readonly entries: readonly LedgerEntry[];
  readonly limit: number;
  readonly signal?: AbortSignal;
}

function factsOf(stored: Awaited<ReturnType<StateVersions["readVersion"]>>): StateFacts {
  if (stored?.state === undefined) {
    return { problem: stored?.problem ?? "it is not there any more" };
  }
  const { serial, lineage, resources } = stored.state;
  return { serial, ...(lineage === undefined ? {} : { lineage }), resources: resources.length };
}
