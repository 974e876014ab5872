import type { DatabaseSync } from "node:sqlite";

/** Classes of log groups. */
export type LogGroupClass = "STANDARD" | "INFREQUENT_ACCESS" | "DELIVERY";

/** A log group as it is stored. */
export interface LogGroup {
  readonly id: number;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly logGroupClass: LogGroupClass;
  readonly retentionInDays?: number;
  readonly kmsKeyId?: string;
  readonly deletionProtection: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** The table of log groups, held in memory as well: every log line asks for its group. */
export class GroupTable {
  readonly #database: DatabaseSync;
  readonly #byName = new Map<string, LogGroup>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(
      "CREATE TABLE IF NOT EXISTS logs_groups (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, definition TEXT NOT NULL)",
    );
    this.reload();
  }

  /** Reads all groups from the table, forgetting what is in memory. */
  reload(): void {
    this.#byName.clear();
    const rows = this.#database.prepare("SELECT id, name, definition FROM logs_groups").all() as {
      id: number;
      name: string;
      definition: string;
    }[];
    for (const { id, name, definition } of rows) {
      this.#byName.set(name, { ...(JSON.parse(definition) as Omit<LogGroup, "id" | "name">), id, name });
    }
  }

  find(name: string): LogGroup | undefined {
    return this.#byName.get(name);
  }

  /** All groups, by name. */
  all(): LogGroup[] {
    return [...this.#byName.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  create(group: Omit<LogGroup, "id">): LogGroup {
    const { name, ...definition } = group;
    const { lastInsertRowid } = this.#database
      .prepare("INSERT INTO logs_groups (name, definition) VALUES (?, ?)")
      .run(name, JSON.stringify(definition));
    const created = { ...group, id: Number(lastInsertRowid) };
    this.#byName.set(name, created);
    return created;
  }

  update(group: LogGroup): void {
    const { id, name, ...definition } = group;
    this.#database.prepare("UPDATE logs_groups SET definition = ? WHERE id = ?").run(JSON.stringify(definition), id);
    this.#byName.set(name, group);
  }

  delete(group: LogGroup): void {
    this.#database.prepare("DELETE FROM logs_groups WHERE id = ?").run(group.id);
    this.#byName.delete(group.name);
  }
}
