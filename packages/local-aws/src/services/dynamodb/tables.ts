import { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import type { Collection } from "../../store/store.ts";
import { Journal } from "./journal.ts";
import { type RestoreSource, type Table, type TableRecord, tableOf } from "./table.ts";

/** The tables: records in the store, and each ready for the data plane in memory. */
export class Tables {
  readonly #records: Collection<TableRecord>;
  readonly #tables = new Map<string, Table>();
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
    this.#records = core.store.collection<TableRecord>("dynamodb/tables");
    for (const kept of this.#records.values()) {
      const record = withJournal(kept, core.clock.now());
      if (record !== kept) {
        this.#records.put(record.name, record);
      }
      this.#tables.set(record.name, tableOf(record));
    }
  }

  /** All tables, in the order of their names. */
  all(): Table[] {
    return [...this.#tables.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  /** The tables that do not have all their items yet, and where these come from. */
  restoring(): { readonly table: Table; readonly source: RestoreSource }[] {
    return [...this.#tables.values()].flatMap((table) => {
      const source = table.record.restore?.pending;
      return source === undefined ? [] : [{ table, source }];
    });
  }

  find(name: string): Table | undefined {
    return this.#tables.get(name);
  }

  /**
   * The table of a data request.
   *
   * @param nameOrArn - as DynamoDB takes it: a name or an ARN
   * @throws AwsError `ResourceNotFoundException`, also while the table is being restored
   */
  forItems(nameOrArn: string): Table {
    const table = this.#tables.get(this.nameOf(nameOrArn));
    if (table === undefined || table.record.restore?.pending !== undefined) {
      throw new AwsError("ResourceNotFoundException", "Requested resource not found");
    }
    return table;
  }

  /**
   * The table of a control request.
   *
   * @throws AwsError `ResourceNotFoundException`, naming the table; `ValidationException` when no table is named
   */
  forControl(nameOrArn: string | undefined): Table {
    if (nameOrArn === undefined || nameOrArn === "") {
      throw new AwsError(
        "ValidationException",
        "The parameter 'TableName' is required but was not present in the request",
      );
    }
    const name = this.nameOf(nameOrArn);
    const table = this.#tables.get(name);
    if (table === undefined) {
      throw new AwsError("ResourceNotFoundException", `Requested resource not found: Table: ${name} not found`);
    }
    return table;
  }

  /**
   * The table of a request about backups, restores or exports: these have an error of their own.
   *
   * @throws AwsError `TableNotFoundException`
   */
  forBackup(nameOrArn: string): Table {
    const table = this.#tables.get(this.nameOf(nameOrArn));
    if (table === undefined) {
      throw new AwsError("TableNotFoundException", `Table not found: ${nameOrArn}`);
    }
    return table;
  }

  /** The name in an ARN of a table of this account and Region; anything else as it is. */
  nameOf(nameOrArn: string): string {
    const prefix = this.arnOf("");
    return nameOrArn.startsWith(prefix) ? nameOrArn.slice(prefix.length) : nameOrArn;
  }

  arnOf(name: string): string {
    return `arn:aws:dynamodb:${this.#core.region}:${this.#core.accountId}:table/${name}`;
  }

  /** Keeps a record, new or changed, and returns the table ready for the data plane. */
  put(record: TableRecord): Table {
    this.#records.put(record.name, record);
    const table = tableOf(record);
    this.#tables.set(record.name, table);
    return table;
  }

  /** Forgets a table. What it has in the item store is for the caller to remove. */
  delete(name: string): void {
    this.#records.delete(name);
    this.#tables.delete(name);
  }
}

/** Before there were journals, recovery could be enabled without: it begins when the journal does. */
function withJournal(record: TableRecord, now: number): TableRecord {
  const { pointInTimeRecovery: recovery } = record;
  return recovery === undefined || (recovery.journal as string | undefined) !== undefined
    ? record
    : { ...record, pointInTimeRecovery: { ...recovery, since: now, journal: Journal.newId() } };
}
