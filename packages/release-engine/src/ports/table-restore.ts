import type { Json } from "@slipway/contracts";
import type { RecoveryWindow } from "./table-recovery.ts";

/** What there is to a table beside its items. Texts can be compared; null is what the table does not have. */
export interface TableSettings {
  readonly arn: string;
  /** Attributes and their roles, `id HASH`, with their types. */
  readonly key: string;
  /** Keys and projection of each index by its name. */
  readonly indexes: Readonly<Record<string, string>>;
  /** `on demand`, or `provisioned` with the units of the table and of each index. */
  readonly billing: string;
  /** What it is encrypted with: the key's ARN, or whose key it is. */
  readonly encryption: string;
  readonly tableClass: string;
  /** The attribute with the time of expiry. */
  readonly timeToLive: string | null;
  /** Days that it can be restored to any second of. */
  readonly recoveryDays: number | null;
  readonly deletionProtection: boolean;
  /** What its stream shows: `NEW_AND_OLD_IMAGES`. */
  readonly stream: string | null;
  /** Without those that AWS itself gives. */
  readonly tags: Readonly<Record<string, string>>;
  /** Its own policy, as JSON. */
  readonly policy: string | null;
  /** Regions with a replica. */
  readonly replicas: readonly string[];
  /** ARNs of the Kinesis streams that get its changes; null where nobody here may look. */
  readonly kinesis: readonly string[] | null;
  /** What has contributor insights: `table`, or an index; null where nobody here may look. */
  readonly contributorInsights: readonly string[] | null;
}

/**
 * Those of the settings that a restore drops, and that can be given back. It does not drop the billing, but takes what was there when the
 * backup was made.
 */
export type DroppedSetting =
  | "billing"
  | "timeToLive"
  | "recoveryDays"
  | "deletionProtection"
  | "stream"
  | "tags"
  | "policy";

/** All of these ports throw ReleaseError. */
export interface TableSettingsStore {
  /** @throws {ReleaseError} `not-found` where there is no such table */
  read(table: string, signal?: AbortSignal): Promise<TableSettings>;
  /** Gives a table one setting; returns once the table has it. */
  set<K extends DroppedSetting>(table: string, setting: K, value: TableSettings[K]): Promise<void>;
  /** Adds tags, and takes some away. */
  tag(
    table: string,
    change: { readonly add?: Readonly<Record<string, string>>; readonly remove?: readonly string[] },
  ): Promise<void>;
}

/** A table's own policy, and what tells it from the one before. */
export interface TablePolicy {
  readonly document: string;
  readonly revision: string;
}

export interface TableFreezer {
  arn(table: string): Promise<string>;
  policy(table: string, signal?: AbortSignal): Promise<TablePolicy | undefined>;
  /**
   * @param seen the revision of the policy that it takes the place of; undefined where there is none
   * @throws {ReleaseError} `conflict` when there is another one by now
   */
  putPolicy(table: string, document: string, seen: string | undefined): Promise<void>;
  /** @throws {ReleaseError} `conflict` when there is another one by now */
  removePolicy(table: string, seen: string): Promise<void>;
  /** Whether the table's own policy refuses a write: it is tried, with one that could change nothing. */
  refusesWrites(table: string, signal?: AbortSignal): Promise<boolean>;
}

/** Restores tables to tables of their own. */
export interface TableRestorer {
  /** Undefined where point-in-time recovery is off. */
  window(table: string, signal?: AbortSignal): Promise<RecoveryWindow | undefined>;
  /** Begins a restore. One that was begun already under this name is left to go on. */
  begin(table: string, to: { readonly time: string } | { readonly backup: string }, restored: string): Promise<void>;
  state(table: string): Promise<"restoring" | "ready" | "deleting" | "none">;
  /** DynamoDB's own count of the items, which is up to six hours old. */
  roughCount(table: string, signal?: AbortSignal): Promise<number>;
  remove(table: string): Promise<void>;
}

/** An index of a table, asked for items that the table has. */
export interface IndexAnswer {
  readonly index: string;
  readonly isActive: boolean;
  /** Items that it was asked for, because they have its keys, and those of them that it has. */
  readonly asked: number;
  readonly found: number;
  /** Of those that were not found, the ones that were given up: too many other items have the same keys there. */
  readonly givenUp?: number;
}

/** Reads a restored table. */
export interface RestoredContents {
  /** All of it: how many items, a digest that does not depend on their order, and what its indexes have of some of them, chosen by chance. */
  inspect(
    table: string,
    options: { readonly sample: number; onCount(items: number): void; readonly signal?: AbortSignal },
  ): Promise<{ readonly items: number; readonly digest: string; readonly indexes: readonly IndexAnswer[] }>;
}

/** What Terraform's state says of one address. */
export interface AdoptionState {
  /** Name of the table there; undefined where there is nothing. */
  tableAt(address: string, signal?: AbortSignal): Promise<string | undefined>;
  /** Grows with every write. */
  serial(signal?: AbortSignal): Promise<number>;
  /** Keeps a copy of the state as it is now under a name; one that is there already is left as it is. */
  keepCopy(name: string, signal?: AbortSignal): Promise<void>;
  /** Lets Terraform forget what is at an address: what it was goes on to exist. */
  forget(address: string, onLine: (text: string) => void): Promise<void>;
  /** Lets Terraform have a table that exists. */
  adopt(
    address: string,
    table: string,
    variables: Readonly<Record<string, Json>>,
    onLine: (text: string) => void,
  ): Promise<void>;
}

/** Which alarms watch a table. */
export interface TableAlarms {
  /** Names, in their order. */
  watching(table: string, signal?: AbortSignal): Promise<readonly string[]>;
}

/** Where people find which table is in use: a file of the environment's folder, which belongs into a commit. */
export interface RestoredTableFile {
  /**
   * @param value null takes the file away
   * @returns where it is; `isForCommit` is false in a copy of the folder, which belongs to a local AWS
   */
  write(variable: string, value: Json | null): Promise<{ readonly path: string; readonly isForCommit: boolean }>;
}
