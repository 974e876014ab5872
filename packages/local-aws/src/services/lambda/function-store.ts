import { randomUUID } from "node:crypto";
import type { Collection, Store } from "../../store/store.ts";
import type {
  AliasRecord,
  EventInvokeRecord,
  FunctionRecord,
  PolicyStatement,
  VersionRecord,
} from "./function-records.ts";

/** Everything that is kept about one function. Never changed in place. */
export interface FunctionView {
  readonly record: FunctionRecord;
  /** Published versions by number. */
  readonly versions: ReadonlyMap<string, VersionRecord>;
  readonly aliases: ReadonlyMap<string, AliasRecord>;
  /** Statements by qualifier; `""` for the function itself. */
  readonly policies: ReadonlyMap<string, readonly PolicyStatement[]>;
  readonly eventInvokes: ReadonlyMap<string, EventInvokeRecord>;
}

/** Changes to one function; they happen together. */
export interface FunctionChanges {
  put(record: FunctionRecord): void;
  putVersion(version: VersionRecord): void;
  deleteVersion(version: string): void;
  putAlias(alias: AliasRecord): void;
  deleteAlias(name: string): void;
  /** No statements delete the policy. */
  putPolicy(qualifier: string, statements: readonly PolicyStatement[]): void;
  putEventInvoke(record: EventInvokeRecord): void;
  deleteEventInvoke(qualifier: string): void;
  /** Deletes the function with everything that belongs to it. */
  deleteAll(): void;
}

/**
 * The functions of the account. Reads come from memory (an invocation needs a function, an alias, a version and a policy),
 * writes go through to the store.
 */
export class FunctionStore {
  readonly #store: Store;
  readonly #functions: Collection<FunctionRecord>;
  readonly #versions: Collection<VersionRecord>;
  readonly #aliases: Collection<AliasRecord>;
  readonly #policies: Collection<readonly PolicyStatement[]>;
  readonly #eventInvokes: Collection<EventInvokeRecord>;
  readonly #views = new Map<string, FunctionView>();

  constructor(store: Store) {
    this.#store = store;
    this.#functions = store.collection("lambda/functions");
    this.#versions = store.collection("lambda/versions");
    this.#aliases = store.collection("lambda/aliases");
    this.#policies = store.collection("lambda/policies");
    this.#eventInvokes = store.collection("lambda/event-invoke-configs");
  }

  find(name: string): FunctionView | undefined {
    const known = this.#views.get(name);
    if (known !== undefined) {
      return known;
    }
    const record = this.#functions.get(name);
    if (record === undefined) {
      return undefined;
    }
    const view: FunctionView = {
      record,
      versions: new Map(this.#versions.values(`${name}:`).map((version) => [version.version, version])),
      aliases: new Map(this.#aliases.values(`${name}:`).map((alias) => [alias.name, alias])),
      policies: new Map(
        this.#policies.entries(`${name}:`).map(([key, statements]) => [key.slice(name.length + 1), statements]),
      ),
      eventInvokes: new Map(this.#eventInvokes.values(`${name}:`).map((config) => [config.qualifier, config])),
    };
    this.#views.set(name, view);
    return view;
  }

  /** All functions, by name. */
  all(): FunctionView[] {
    return this.#functions.entries().flatMap(([name]) => this.find(name) ?? []);
  }

  /** Applies changes to one function: all, or none when `work` throws. */
  change(name: string, work: (changes: FunctionChanges) => void): void {
    const key = (part: string) => `${name}:${part}`;
    const changes: FunctionChanges = {
      put: (record) => this.#functions.put(name, record),
      putVersion: (version) => this.#versions.put(key(version.version), version),
      deleteVersion: (version) => this.#versions.delete(key(version)),
      putAlias: (alias) => this.#aliases.put(key(alias.name), alias),
      deleteAlias: (alias) => this.#aliases.delete(key(alias)),
      putPolicy: (qualifier, statements) =>
        statements.length === 0
          ? this.#policies.delete(key(qualifier))
          : this.#policies.put(key(qualifier), statements),
      putEventInvoke: (record) => this.#eventInvokes.put(key(record.qualifier), record),
      deleteEventInvoke: (qualifier) => this.#eventInvokes.delete(key(qualifier)),
      deleteAll: () => {
        this.#functions.delete(name);
        for (const collection of [this.#versions, this.#aliases, this.#policies, this.#eventInvokes]) {
          for (const [entry] of collection.entries(`${name}:`)) {
            collection.delete(entry);
          }
        }
      },
    };
    try {
      this.#store.transaction(() => work(changes));
    } finally {
      this.#views.delete(name);
    }
  }
}

/** A new `RevisionId`. */
export function newRevision(): string {
  return randomUUID();
}
