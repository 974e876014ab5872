import type { TableStructure } from "@slipway/analysis";
import type { Clock } from "../../ports/clock.ts";
import type { BackupCatalog, BackupRestorer, ItemKey, TableBackup, TableContents } from "../../ports/table-recovery.ts";

/** Tables as lists of keys, and backups of them. */
export class MemoryBackups implements BackupCatalog, BackupRestorer, TableContents {
  readonly tables = new Map<string, readonly string[]>([["items-prod", ["a", "b", "c"]]]);
  readonly backups = new Map<string, TableBackup & { readonly keys: readonly string[] }>();
  readonly calls: string[] = [];
  readonly #clock: Clock;
  /** What all of them are made of. */
  readonly made: TableStructure = { key: "id HASH", indexes: {} };
  /** How often a restored table is looked at before it is ready. */
  looks = 3;
  /** How often it is looked at before it is seen at all. */
  unseen = 0;
  /** Thrown by the call of this name. */
  fails: { readonly call: string; readonly error: Error } | undefined;
  onCall: (call: string) => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  #call(call: string, text: string): void {
    this.calls.push(`${call} ${text}`);
    this.onCall(call);
    if (this.fails?.call === call) {
      throw this.fails.error;
    }
  }

  add(name: string, createdAt: number, rest: Partial<TableBackup> = {}): TableBackup {
    const arn = `arn:${name}`;
    const backup = {
      arn,
      name,
      table: "items-prod",
      createdAt,
      bytes: 1,
      kind: "on-demand",
      isUsable: true,
      ...rest,
    } as const;
    this.backups.set(arn, { ...backup, keys: this.tables.get("items-prod") ?? [] });
    return backup;
  }

  async create(tableName: string, name: string) {
    this.#call("create", tableName);
    return this.add(name, this.#clock.now(), { table: tableName }).arn;
  }
  async list(name: string) {
    return [...this.backups.values()].filter((each) => each.table === name).map(({ keys: _, ...backup }) => backup);
  }
  async pointInTime(name: string) {
    return name === "items-prod" ? { since: 1, until: 2, days: 35 } : undefined;
  }
  async describe(arn: string) {
    return { items: this.backups.get(arn)?.keys.length ?? null, bytes: 1, structure: this.made };
  }
  async remove(arn: string): Promise<"removed" | "gone"> {
    this.#call("remove", arn);
    return this.backups.delete(arn) ? "removed" : "gone";
  }
  async restore(arn: string, name: string) {
    this.#call("restore", name);
    this.tables.set(name, this.backups.get(arn)?.keys ?? []);
  }
  async state(name: string) {
    this.#call("state", name);
    if (!this.tables.has(name) || this.unseen-- > 0) {
      return "none";
    }
    this.looks -= 1;
    return this.looks > 0 ? "restoring" : "ready";
  }
  async removeTable(name: string) {
    this.#call("removeTable", name);
    this.tables.delete(name);
  }
  async structure(name: string) {
    this.#call("structure", name);
    return this.tables.has(name) ? this.made : undefined;
  }
  async readAll(name: string) {
    this.#call("readAll", name);
    const keys = this.tables.get(name) ?? [];
    return { items: keys.length, digest: "d".repeat(64), keys: keys.map((text) => ({ text })) };
  }
  async sampleKeys(name: string) {
    this.#call("sampleKeys", name);
    return (this.tables.get(name) ?? []).map((text) => ({ text }));
  }
  async countPresent(name: string, keys: readonly ItemKey[]) {
    return keys.filter(({ text }) => this.tables.get(name)?.includes(text)).length;
  }
}
