import type { StateLock } from "./release-terraform.ts";
import type { TerraformState } from "./terraform-states.ts";

/** A stored state, read. */
export interface StoredState {
  /** Exactly as it is stored. It has secrets: it goes nowhere but into a store. */
  readonly text: string;
  /** What it says; undefined where it is no state that can be read. */
  readonly state: TerraformState | undefined;
  /** Why it cannot be read. */
  readonly problem?: string;
}

/** One of the versions that the bucket keeps of a state. */
export interface StateVersionEntry {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly bytes: number;
  readonly isPresent: boolean;
  /** Whether it is the mark that S3 leaves where the state was deleted. */
  readonly isDeletion: boolean;
}

/** A named copy, outside of the state's key. */
export interface StateBackupEntry {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly bytes: number;
}

/** Where an environment's Terraform state lies, with what was there before. All of it throws ReleaseError where it cannot be looked at. */
export interface StateVersions {
  /** `s3://terraform-state/prod/terraform.tfstate`. */
  readonly location: string;
  /** What Terraform would read now, with a tag that changes with every write; undefined where there is none. */
  present(signal?: AbortSignal): Promise<(StoredState & { readonly tag: string }) | undefined>;
  /** Newest first. */
  versions(signal?: AbortSignal): Promise<readonly StateVersionEntry[]>;
  /** @returns undefined where there is no such version */
  readVersion(id: string, signal?: AbortSignal): Promise<StoredState | undefined>;
}

/** Named copies of a state, which no lifecycle rule for old versions reaches: each has a key of its own. */
export interface StateBackupStore {
  /** Newest first. */
  backups(signal?: AbortSignal): Promise<readonly StateBackupEntry[]>;
  readBackup(name: string, signal?: AbortSignal): Promise<StoredState | undefined>;
  /** @returns `there` when there is one of this name already: it is left as it is */
  writeBackup(name: string, text: string, signal?: AbortSignal): Promise<"written" | "there">;
}

/** The one write that puts a state back. */
export interface StateSlot {
  /** Who holds Terraform's lock; undefined where nobody does. */
  lock(signal?: AbortSignal): Promise<StateLock | undefined>;
  /**
   * Writes the state, if what is there is what was seen. It cannot be given up once it is sent: only its answer says what became of it.
   *
   * @param seen the tag of what is there; undefined where nothing is
   * @throws {ReleaseError} `conflict` when something else is there by now: then nothing was written
   */
  replace(text: string, seen: string | undefined): Promise<{ readonly versionId?: string }>;
}
