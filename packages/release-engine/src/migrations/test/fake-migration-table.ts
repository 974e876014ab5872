import type { DocumentRecord, MigrationRecord, RecordFilter } from "@slipway/contracts";
import type {
  MigrationLedger,
  MigrationTable,
  RecordChange,
  ScannedPage,
  ScanRequest,
  TableShape,
} from "../../ports/migration-table.ts";
import { matchesFilter } from "../matches-filter.ts";
import { sameValue } from "../same-value.ts";

/** A table in memory, whose calls can be stopped, delayed and made to fail at their beginning and at their end. */
export class FakeMigrationTable implements MigrationTable, MigrationLedger {
  readonly records = new Map<string, DocumentRecord>();
  readonly migrations = new Map<string, MigrationRecord>();
  /** How often each record was written by the migration. */
  readonly writes = new Map<string, number>();
  readonly scans: ScanRequest[] = [];
  saves = 0;
  /** Awaited before a call has its effect and after it has; what it throws, the caller gets: after the effect, an answer that was lost. */
  step: (call: "scan" | "read" | "write" | "load" | "save", when: "before" | "after") => Promise<void> = async () => {};

  constructor(records: readonly DocumentRecord[] = []) {
    for (const record of records) {
      this.put(record);
    }
  }

  put(record: DocumentRecord): void {
    this.records.set(String(record.id), record);
  }

  async describe(): Promise<TableShape> {
    return { name: "things", partitionKey: "id", estimatedRecords: this.records.size };
  }

  async scan(request: ScanRequest): Promise<ScannedPage> {
    this.scans.push(request);
    await this.step("scan", "before");
    const { segment, segments, after, limit, filter } = request;
    const ids = [...this.records.keys()].filter((id) => segmentOf(id, segments) === segment).sort();
    const from = after === undefined ? 0 : ids.filter((id) => id <= String(after.id)).length;
    const page = ids.slice(from, from + limit);
    const last = page.at(-1);
    const records = page.flatMap((id) => this.#matching(id, filter));
    await this.step("scan", "after");
    // As DynamoDB does: whether a full page was the last one is only known by the next, which is empty.
    return {
      ...{ records, scanned: page.length, readUnits: page.length / 2 },
      ...(page.length === limit && last !== undefined ? { next: { id: last } } : {}),
    };
  }

  async read(key: DocumentRecord) {
    await this.step("read", "before");
    const record = this.records.get(String(key.id));
    await this.step("read", "after");
    return { record, readUnits: 1 };
  }

  async write({ before, absent, set, remove }: RecordChange) {
    await this.step("write", "before");
    const id = String(before.id);
    const now = this.records.get(id);
    const isAsRead =
      now !== undefined &&
      Object.entries(before).every(([name, value]) => sameValue(now[name], value)) &&
      absent.every((name) => !Object.hasOwn(now, name));
    if (isAsRead) {
      const kept = Object.entries({ ...now, ...set }).filter(([name]) => !remove.includes(name));
      this.records.set(id, Object.fromEntries(kept));
      this.writes.set(id, (this.writes.get(id) ?? 0) + 1);
    }
    await this.step("write", "after");
    return { outcome: isAsRead ? ("written" as const) : ("conflict" as const), writeUnits: 1 };
  }

  async load(id: string) {
    await this.step("load", "before");
    const record = this.migrations.get(id);
    await this.step("load", "after");
    return record;
  }

  async save(record: MigrationRecord) {
    await this.step("save", "before");
    const isNext = record.revision === (this.migrations.get(record.id)?.revision ?? 0) + 1;
    if (isNext) {
      this.migrations.set(record.id, structuredClone(record));
      this.saves += 1;
    }
    await this.step("save", "after");
    return { outcome: isNext ? ("saved" as const) : ("conflict" as const), writeUnits: 1 };
  }

  #matching(id: string, filter: RecordFilter | undefined): DocumentRecord[] {
    const record = this.records.get(id);
    return record !== undefined && matchesFilter(record, filter) ? [record] : [];
  }
}

function segmentOf(id: string, segments: number): number {
  let hash = 0;
  for (const unit of id) {
    hash = (hash * 31 + unit.charCodeAt(0)) % 65_521;
  }
  return hash % segments;
}
