import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { deserialize, serialize } from "node:v8";
import { StoreError } from "./store-error.ts";

/** Named records of one kind. Values are plain data; dates, byte arrays, maps and sets survive as themselves. */
export interface Collection<T> {
  get(key: string): T | undefined;
  has(key: string): boolean;
  put(key: string, value: T): void;
  /** True when there was such a record. */
  delete(key: string): boolean;
  /** Records whose key starts with `prefix` (all by default), in the order of their keys. */
  entries(prefix?: string): [key: string, value: T][];
  /** The values of {@link entries}. */
  values(prefix?: string): T[];
}

/** Bodies too large for a record (objects of S3, code of functions), kept by an id that the store makes up. */
export interface Blobs {
  /** Keeps bytes durably against a kill of the process and returns their id. */
  put(bytes: Uint8Array): string;
  get(id: string): Uint8Array;
  /** A file path for readers that stream. */
  path(id: string): string;
  delete(id: string): void;
}

/**
 * The persistent store of local AWS: SQLite (as built into Node.js) for records, files for blobs.
 * What was written is there after the process has been killed.
 */
export interface Store {
  collection<T>(name: string): Collection<T>;
  /** Runs `work` so that all of its writes happen, or none. `work` must be synchronous. Nested calls join the outer one. */
  transaction<T>(work: () => T): T;
  /** For services that need tables of their own (log events, metrics). Table names start with the service's id. */
  readonly database: DatabaseSync;
  readonly blobs: Blobs;
  /** The folder that everything lives in, for services with a database of their own. */
  readonly directory: string;
  close(): void;
}

/** The layout of the folder; a folder of another layout is refused, not guessed. */
const FORMAT = "1";

/**
 * Opens (or makes) the store in a folder.
 *
 * @throws StoreError when the folder cannot be written, belongs to another layout, or its database is damaged
 */
export function openStore(directory: string): Store {
  try {
    mkdirSync(join(directory, "blobs"), { recursive: true });
  } catch (cause) {
    throw new StoreError(
      `Local AWS cannot write to its data folder ${directory} (${codeOf(cause)}). Give it another with --data-dir DIR, or make this one writable.`,
      { cause },
    );
  }
  checkFormat(directory);
  const database = openDatabase(directory);
  return new SqliteStore(directory, database);
}

function checkFormat(directory: string): void {
  const file = join(directory, "format");
  try {
    if (!existsSync(file)) {
      writeFileSync(file, `${FORMAT}\n`);
      return;
    }
    const found = readFileSync(file, "utf8").trim();
    if (found === FORMAT) {
      return;
    }
    if (found === "") {
      // Killed between making the file and writing it.
      writeFileSync(file, `${FORMAT}\n`);
      return;
    }
    throw new StoreError(
      `The data folder ${directory} has layout "${found}", this version of local AWS reads layout "${FORMAT}". Type \`slipway local reset\` to start afresh, or give another folder with --data-dir DIR.`,
    );
  } catch (cause) {
    if (cause instanceof StoreError) {
      throw cause;
    }
    throw new StoreError(
      `Local AWS cannot write to its data folder ${directory} (${codeOf(cause)}). Give it another with --data-dir DIR, or make this one writable.`,
      { cause },
    );
  }
}

function openDatabase(directory: string): DatabaseSync {
  const file = join(directory, "records.sqlite");
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    // WAL with synchronous=NORMAL: a commit is in the file before the call returns, so it outlives the process (though
    // not a power cut), and costs no fsync.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
    const [check] = database.prepare("PRAGMA quick_check(1)").all() as { quick_check: string }[];
    if (check?.quick_check !== "ok") {
      throw new Error(check?.quick_check ?? "no answer from quick_check");
    }
    database.exec(
      "CREATE TABLE IF NOT EXISTS records (collection TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (collection, key)) WITHOUT ROWID",
    );
    return database;
  } catch (cause) {
    database?.close();
    throw new StoreError(
      `The store in ${directory} is damaged (${messageOf(cause)}). Type \`slipway local reset\` to start afresh, or restore a snapshot with \`slipway local snapshot restore NAME\`.`,
      { cause },
    );
  }
}

class SqliteStore implements Store {
  readonly directory: string;
  readonly database: DatabaseSync;
  readonly blobs: Blobs;
  readonly #statements: Statements;
  #depth = 0;

  constructor(directory: string, database: DatabaseSync) {
    this.directory = directory;
    this.database = database;
    this.blobs = new FileBlobs(join(directory, "blobs"));
    this.#statements = {
      get: database.prepare("SELECT value FROM records WHERE collection = ? AND key = ?"),
      put: database.prepare(
        "INSERT INTO records (collection, key, value) VALUES (?, ?, ?) ON CONFLICT (collection, key) DO UPDATE SET value = excluded.value",
      ),
      delete: database.prepare("DELETE FROM records WHERE collection = ? AND key = ?"),
      list: database.prepare(
        "SELECT key, value FROM records WHERE collection = ? AND key >= ? AND key < ? ORDER BY key",
      ),
      listToEnd: database.prepare("SELECT key, value FROM records WHERE collection = ? AND key >= ? ORDER BY key"),
    };
  }

  collection<T>(name: string): Collection<T> {
    return new SqliteCollection<T>(name, this.#statements);
  }

  transaction<T>(work: () => T): T {
    if (this.#depth > 0) {
      return work();
    }
    this.database.exec("BEGIN IMMEDIATE");
    this.#depth++;
    try {
      const result = work();
      if (result instanceof Promise) {
        throw new TypeError("A store transaction must be synchronous: requests interleave at every await.");
      }
      this.database.exec("COMMIT");
      return result;
    } catch (error) {
      // A full disk has rolled back by itself, and the reason is worth more than a second error.
      if (this.database.isTransaction) {
        this.database.exec("ROLLBACK");
      }
      throw error;
    } finally {
      this.#depth--;
    }
  }

  close(): void {
    this.database.close();
  }
}

interface Statements {
  readonly get: StatementSync;
  readonly put: StatementSync;
  readonly delete: StatementSync;
  readonly list: StatementSync;
  readonly listToEnd: StatementSync;
}

const LAST_CODE_POINT = 0x10ffff;
const SURROGATES = { first: 0xd800, last: 0xdfff };

/** The first key after all that start with a prefix, in SQLite's order (by code point); `undefined` when none comes after. */
function firstAfter(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === LAST_CODE_POINT) {
    points.pop();
  }
  const last = points.pop();
  if (last === undefined) {
    return undefined;
  }
  const next = last + 1 === SURROGATES.first ? SURROGATES.last + 1 : last + 1;
  return String.fromCodePoint(...points, next);
}

class SqliteCollection<T> implements Collection<T> {
  readonly #name: string;
  readonly #statements: Statements;

  constructor(name: string, statements: Statements) {
    this.#name = name;
    this.#statements = statements;
  }

  get(key: string): T | undefined {
    const row = this.#statements.get.get(this.#name, key) as { value: Uint8Array } | undefined;
    return row === undefined ? undefined : (deserialize(row.value) as T);
  }

  has(key: string): boolean {
    return this.#statements.get.get(this.#name, key) !== undefined;
  }

  put(key: string, value: T): void {
    this.#statements.put.run(this.#name, key, serialize(value));
  }

  delete(key: string): boolean {
    return this.#statements.delete.run(this.#name, key).changes > 0;
  }

  entries(prefix = ""): [string, T][] {
    const end = firstAfter(prefix);
    const rows = (
      end === undefined
        ? this.#statements.listToEnd.all(this.#name, prefix)
        : this.#statements.list.all(this.#name, prefix, end)
    ) as { key: string; value: Uint8Array }[];
    return rows.map(({ key, value }) => [key, deserialize(value) as T]);
  }

  values(prefix = ""): T[] {
    return this.entries(prefix).map(([, value]) => value);
  }
}

class FileBlobs implements Blobs {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  put(bytes: Uint8Array): string {
    const id = randomUUID();
    const partial = `${this.path(id)}.partial`;
    writeFileSync(partial, bytes);
    renameSync(partial, this.path(id));
    return id;
  }

  get(id: string): Uint8Array {
    return readFileSync(this.path(id));
  }

  path(id: string): string {
    return join(this.#directory, id);
  }

  delete(id: string): void {
    rmSync(this.path(id), { force: true });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : messageOf(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
