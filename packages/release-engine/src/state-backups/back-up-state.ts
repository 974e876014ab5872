import { createHash } from "node:crypto";
import type { Actor, LedgerBodyOf } from "@slipway/contracts";
import { stampOf } from "../backups/backup-names.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Clock } from "../ports/clock.ts";
import type { StateBackupStore, StateVersions } from "../ports/state-store.ts";
import { ReleaseError } from "../release-error.ts";

export interface BackUpStatePorts {
  readonly store: StateVersions & StateBackupStore;
  readonly ledger: Pick<Ledger, "environment" | "append">;
  /** The target's time, which names are made of. */
  readonly clock: Clock;
}

export interface BackUpStateOptions {
  readonly by: Actor;
  /** `20261128T160501Z-serial-12` unless given. */
  readonly name?: string;
  readonly signal?: AbortSignal;
}

export type StateBackup = Omit<LedgerBodyOf<"state.backed-up">, "type"> & { readonly resources: number };

/**
 * Makes a named copy of the state that is there, and writes that down. It needs no lease: one object is read, as it is at one moment.
 *
 * @throws {ReleaseError} `not-found` when there is no state, `conflict` when there is a copy of this name
 */
export async function backUpState(
  { store, ledger, clock }: BackUpStatePorts,
  { by, name, signal }: BackUpStateOptions,
): Promise<StateBackup> {
  const { environment } = ledger;
  const named = (serial: number) => name ?? `${stampOf(clock.now())}-serial-${serial}`;
  const { resources, ...copy } = await copyState(store, { environment, name: named, signal });
  await ledger.append({ by, release: null, body: { type: "state.backed-up", ...copy } });
  return { ...copy, resources };
}

/**
 * Makes a named copy of the state that is there; one of this name that holds the same stays.
 *
 * @throws {ReleaseError} `not-found` when there is no state, `conflict` when there is a copy of this name that holds another
 */
export async function copyState(
  store: Pick<StateVersions, "location" | "present"> & StateBackupStore,
  request: {
    readonly environment: string;
    readonly name: string | ((serial: number) => string);
    readonly signal?: AbortSignal | undefined;
  },
): Promise<StateBackup> {
  const { environment, signal } = request;
  const present = await store.present(signal);
  if (present?.state === undefined) {
    throw new ReleaseError({
      kind: present === undefined ? "not-found" : "failed",
      what: `There is no state of ${environment} to back up`,
      why: present === undefined ? `${store.location} is not there` : (present.problem ?? "it cannot be read"),
      next: `slipway state list ${environment} shows what it could be restored from`,
    });
  }
  const { serial, lineage = "", resources } = present.state;
  const name = typeof request.name === "string" ? request.name : request.name(serial);
  if ((await store.writeBackup(name, present.text, signal)) === "there") {
    // Also when the answer to a write was lost and it was sent again: then the copy is ours.
    const there = await store.readBackup(name, signal);
    if (there?.text !== present.text) {
      throw new ReleaseError({
        kind: "conflict",
        what: `There is a backup ${name} of the state of ${environment} already`,
        why: "it holds another state, and backups are not overwritten",
        next: "choose another --name, or leave it out",
      });
    }
  }
  const sha256 = createHash("sha256").update(present.text).digest("hex");
  return { name, serial, lineage, sha256, resources: resources.length };
}
