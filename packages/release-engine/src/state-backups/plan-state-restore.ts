import { createHash } from "node:crypto";
import type { LedgerEntry } from "@slipway/contracts";
import type { StateBackupStore, StateVersionEntry, StateVersions, StoredState } from "../ports/state-store.ts";
import type { TerraformState } from "../ports/terraform-states.ts";
import { ReleaseError } from "../release-error.ts";
import { serialsIn } from "./state-origins.ts";
import { saysTheSame, withSerial } from "./with-serial.ts";

/** What is to be put back. */
export type RestoreFrom = { readonly version: string } | { readonly backup: string };

/** What a restore of a state would do. */
export interface StateRestorePlan {
  /** `version ID`, `backup NAME`. */
  readonly from: string;
  readonly chosen: { readonly serial: number; readonly lineage: string; readonly resources: number };
  readonly present:
    | { readonly condition: "readable"; readonly serial: number; readonly lineage: string; readonly resources: number }
    | { readonly condition: "lost" }
    | { readonly condition: "unreadable"; readonly problem: string };
  /** The lineage that the state had, as far as that is known. */
  readonly lineage?: string;
  /** Above every one that is known. */
  readonly serial: number;
  /** Addresses that the present state has, and the restored one would not: Terraform forgets that they exist. */
  readonly forgotten: readonly string[];
  /** Addresses that the restored one has, and the present one has not: Terraform believes that they exist. */
  readonly returning: readonly string[];
  /** Addresses that are in both, as different resources: they were made anew in between. */
  readonly different: readonly string[];
  readonly isSame: boolean;
  readonly isOtherLineage: boolean;
  /** What is to be written, and the tag of what it replaces. For the store alone: the text has secrets. */
  readonly write: { readonly text: string; readonly sha256: string; readonly seen: string | undefined };
}

/** Versions that are read for the serials and the lineage that they have. */
const VERSIONS_READ = 20;

export interface RestoreQuestion {
  readonly environment: string;
  readonly from: RestoreFrom;
  /** All of the ledger's. */
  readonly entries: readonly LedgerEntry[];
  readonly signal?: AbortSignal;
}

/**
 * Works out what a restore would do; changes nothing.
 *
 * @throws {ReleaseError} `not-found` when there is no such version or backup; `failed` when it is no whole state, or not the bytes that
 * the ledger knows; `conflict` when it is of another lineage than a present state that can be read
 */
export async function planStateRestore(
  store: StateVersions & StateBackupStore,
  { environment, from, entries, signal }: RestoreQuestion,
): Promise<StateRestorePlan> {
  const [present, versions] = await Promise.all([store.present(signal), store.versions(signal)]);
  const words = "version" in from ? `version ${fullId(versions, from.version, environment)}` : `backup ${from.backup}`;
  const stored =
    "version" in from
      ? await store.readVersion(fullId(versions, from.version, environment), signal)
      : await store.readBackup(from.backup, signal);
  const { text, state } = whole(stored, words, environment);
  if ("backup" in from) {
    assertUntouched(text, from.backup, entries);
  }
  const earlier = await readEarlier(store, versions, signal);
  const now = present?.state;
  const lineage = now?.lineage ?? earlier.find((each) => each.lineage !== undefined)?.lineage ?? lineageIn(entries);
  const isOtherLineage = lineage !== undefined && lineage !== state.lineage;
  if (isOtherLineage && now !== undefined) {
    throw new ReleaseError({
      kind: "conflict",
      what: `${words} is not a state of ${environment}'s present lineage`,
      why: `it is of the lineage ${state.lineage}, and ${store.location} is whole and of ${lineage}: they were begun apart and know nothing of each other`,
      next: `choose another one: slipway state list ${environment}`,
    });
  }
  const serials = [state, now, ...earlier].flatMap((each) => each?.serial ?? []);
  const serial = Math.max(...serials, ...serialsIn(entries)) + 1;
  const written = withSerial(text, serial);
  return {
    ...{ from: words, serial, isOtherLineage, ...differences(now, state) },
    chosen: { serial: state.serial, lineage: state.lineage, resources: state.resources.length },
    present: conditionOf(present),
    ...(lineage === undefined ? {} : { lineage }),
    isSame: now !== undefined && present !== undefined && saysTheSame(present.text, text),
    write: { text: written, sha256: sha256Of(written), seen: present?.tag },
  };
}

function fullId(versions: readonly StateVersionEntry[], asked: string, environment: string): string {
  const found = versions.filter(({ id, isDeletion }) => !isDeletion && (id === asked || id.startsWith(asked)));
  const [only] = found.some(({ id }) => id === asked) ? [{ id: asked }] : found;
  if (only === undefined || (found.length > 1 && only.id !== asked)) {
    throw new ReleaseError({
      kind: "not-found",
      what: found.length > 1 ? `--version: several begin with ${asked}` : `--version: there is no ${asked}`,
      why: found.length > 1 ? found.map(({ id }) => id).join(", ") : "the bucket keeps no such version of the state",
      next: `choose one of slipway state list ${environment}`,
    });
  }
  return only.id;
}

type WholeState = TerraformState & { readonly lineage: string };

function whole(
  stored: StoredState | undefined,
  words: string,
  environment: string,
): { readonly text: string; readonly state: WholeState } {
  const next = `choose another one: slipway state list ${environment}`;
  if (stored === undefined) {
    throw new ReleaseError({ kind: "not-found", what: `There is no ${words}`, why: "it was looked for", next });
  }
  const { text, state, problem } = stored;
  if (state?.lineage === undefined) {
    const why =
      state === undefined ? (problem ?? "it cannot be read") : "it has no lineage, which Terraform always writes";
    throw new ReleaseError({ kind: "failed", what: `${words} is no whole Terraform state`, why, next });
  }
  return { text, state: { ...state, lineage: state.lineage } };
}

/** A backup that was written over is not the one that was asked for. */
function assertUntouched(text: string, name: string, entries: readonly LedgerEntry[]): void {
  const known = entries.findLast(({ body }) => body.type === "state.backed-up" && body.name === name)?.body;
  if (known?.type === "state.backed-up" && known.sha256 !== sha256Of(text)) {
    throw new ReleaseError({
      kind: "failed",
      what: `The backup ${name} is not what was backed up`,
      why: `its SHA-256 is ${sha256Of(text)}, and the ledger says ${known.sha256}`,
      next: "find out who wrote over it; the bucket keeps its earlier versions",
    });
  }
}

async function readEarlier(
  store: StateVersions,
  versions: readonly StateVersionEntry[],
  signal: AbortSignal | undefined,
): Promise<readonly TerraformState[]> {
  const newest = versions.filter(({ isDeletion }) => !isDeletion).slice(0, VERSIONS_READ);
  const read = await Promise.all(newest.map(({ id }) => store.readVersion(id, signal)));
  return read.flatMap((each) => each?.state ?? []);
}

function lineageIn(entries: readonly LedgerEntry[]): string | undefined {
  for (const { body } of entries.toReversed()) {
    const lineage =
      body.type === "plan.made"
        ? body.summary.stateLineage
        : body.type === "state.backed-up" || body.type === "state.restored"
          ? body.lineage
          : "";
    if (lineage !== "") {
      return lineage;
    }
  }
  return undefined;
}

function conditionOf(present: StoredState | undefined): StateRestorePlan["present"] {
  if (present === undefined) {
    return { condition: "lost" };
  }
  const { state, problem = "it cannot be read" } = present;
  return state === undefined
    ? { condition: "unreadable", problem }
    : {
        ...{ condition: "readable", serial: state.serial, lineage: state.lineage ?? "" },
        resources: state.resources.length,
      };
}

function differences(now: TerraformState | undefined, chosen: TerraformState) {
  const [before, after] = [byAddress(now), byAddress(chosen)];
  const both = [...before.keys()].filter((address) => after.has(address));
  return {
    forgotten: [...before.keys()].filter((address) => !after.has(address)),
    returning: [...after.keys()].filter((address) => !before.has(address)),
    different: both.filter((address) => before.get(address) !== after.get(address)),
  };
}

function byAddress(state: TerraformState | undefined): ReadonlyMap<string, string | undefined> {
  return new Map((state?.resources ?? []).map(({ address, id }) => [address, id]));
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
