import type { DatabaseSync, StatementSync } from "node:sqlite";
import { deserialize, serialize } from "node:v8";
import type { ObjectVersion } from "./object-version.ts";

/** A version with its place among the versions of its key: ranks are negative and the newest has the lowest. */
export interface RankedVersion {
  readonly rank: number;
  readonly version: ObjectVersion;
}

interface Row {
  readonly rank: number;
  readonly value: Uint8Array;
}

/** Sorts after every version of a key. */
const AFTER_ALL_RANKS = 1;

/**
 * All versions of all objects, ordered as S3 lists them: by bucket, by key (UTF-8 bytes), newest first. A table of its own
 * rather than a collection, so that a listing of a thousand keys out of a million reads a thousand rows.
 */
export class VersionTable {
  readonly #find: StatementSync;
  readonly #next: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #delete: StatementSync;
  readonly #lowest: StatementSync;

  constructor(database: DatabaseSync) {
    database.exec(
      `CREATE TABLE IF NOT EXISTS s3_versions (
         bucket TEXT NOT NULL, key TEXT NOT NULL, rank INTEGER NOT NULL, version_id TEXT NOT NULL, value BLOB NOT NULL,
         PRIMARY KEY (bucket, key, rank)) WITHOUT ROWID;
       CREATE UNIQUE INDEX IF NOT EXISTS s3_versions_by_id ON s3_versions (bucket, key, version_id)`,
    );
    this.#find = database.prepare(
      "SELECT rank, value FROM s3_versions WHERE bucket = ? AND key = ? AND version_id = ?",
    );
    this.#next = database.prepare(
      "SELECT rank, value FROM s3_versions WHERE bucket = ? AND (key, rank) > (?, ?) ORDER BY key, rank LIMIT 1",
    );
    this.#insert = database.prepare(
      "INSERT INTO s3_versions (bucket, key, rank, version_id, value) VALUES (?, ?, ?, ?, ?)",
    );
    this.#update = database.prepare("UPDATE s3_versions SET value = ? WHERE bucket = ? AND key = ? AND version_id = ?");
    this.#delete = database.prepare("DELETE FROM s3_versions WHERE bucket = ? AND key = ? AND version_id = ?");
    this.#lowest = database.prepare("SELECT MIN(rank) AS rank FROM s3_versions WHERE bucket = ? AND key = ?");
  }

  /** The version with this id. */
  find(bucket: string, key: string, versionId: string): RankedVersion | undefined {
    return toRanked(this.#find.get(bucket, key, versionId));
  }

  /** The newest version of a key, be it an object or a delete marker. */
  latest(bucket: string, key: string): ObjectVersion | undefined {
    const found = this.next(bucket, key, Number.MIN_SAFE_INTEGER);
    return found?.version.key === key ? found.version : undefined;
  }

  /** The version that follows a place in the bucket's order; `next(bucket, key)` skips all versions of `key`. */
  next(bucket: string, key: string, rank: number = AFTER_ALL_RANKS): RankedVersion | undefined {
    return toRanked(this.#next.get(bucket, key, rank));
  }

  /** All versions of a key, newest first. */
  ofKey(bucket: string, key: string): ObjectVersion[] {
    const versions: ObjectVersion[] = [];
    let found = this.next(bucket, key, Number.MIN_SAFE_INTEGER);
    while (found?.version.key === key) {
      versions.push(found.version);
      found = this.next(bucket, key, found.rank);
    }
    return versions;
  }

  /** True when the bucket holds no version and no delete marker. */
  isEmpty(bucket: string): boolean {
    return this.next(bucket, "", Number.MIN_SAFE_INTEGER) === undefined;
  }

  /** Adds a version as the newest of its key. */
  insert(bucket: string, version: ObjectVersion): void {
    const lowest = this.#lowest.get(bucket, version.key) as { rank: number | null };
    this.#insert.run(bucket, version.key, (lowest.rank ?? 0) - 1, version.versionId, serialize(version));
  }

  /** Replaces what is kept about a version, in its place. */
  update(bucket: string, version: ObjectVersion): void {
    this.#update.run(serialize(version), bucket, version.key, version.versionId);
  }

  /** Forgets a version. */
  delete(bucket: string, key: string, versionId: string): void {
    this.#delete.run(bucket, key, versionId);
  }
}

function toRanked(row: unknown): RankedVersion | undefined {
  if (row === undefined) {
    return undefined;
  }
  const { rank, value } = row as Row;
  return { rank, version: deserialize(value) as ObjectVersion };
}
