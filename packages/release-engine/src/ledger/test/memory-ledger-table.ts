import type { LedgerEntry } from "@slipway/contracts";
import type { LedgerHead, LedgerTable } from "../../ports/ledger-table.ts";

export type LedgerCall = "readHead" | "write" | "readEntries";

/** A ledger's table in memory, whose calls can be made to fail at their beginning and at their end. */
export class MemoryLedgerTable implements LedgerTable {
  readonly heads = new Map<string, LedgerHead>();
  readonly entries = new Map<string, unknown[]>();
  /** Writes that took effect. */
  writes = 0;
  /** Awaited before a call has its effect and after it has; what it throws, the caller gets: after the effect, an answer that was lost. */
  step: (call: LedgerCall, when: "before" | "after") => Promise<void> = async () => {};

  async readHead(environment: string): Promise<LedgerHead | undefined> {
    await this.step("readHead", "before");
    const head = structuredClone(this.heads.get(environment));
    await this.step("readHead", "after");
    return head;
  }

  async write(
    environment: string,
    { expected, head, entry }: { readonly expected: number; readonly head: LedgerHead; readonly entry?: LedgerEntry },
  ): Promise<"written" | "conflict"> {
    await this.step("write", "before");
    const entries = this.entries.get(environment) ?? [];
    const fits =
      (this.heads.get(environment)?.revision ?? 0) === expected &&
      (entry === undefined || entries.length === entry.sequence - 1);
    if (fits) {
      this.heads.set(environment, structuredClone(head));
      this.entries.set(environment, entry === undefined ? entries : [...entries, frozen(structuredClone(entry))]);
      this.writes += 1;
    }
    await this.step("write", "after");
    return fits ? "written" : "conflict";
  }

  async *readEntries(environment: string, after: number): AsyncIterable<unknown> {
    await this.step("readEntries", "before");
    for (const entry of (this.entries.get(environment) ?? []).slice(after)) {
      yield Object.isFrozen(entry) ? entry : structuredClone(entry);
      await this.step("readEntries", "after");
    }
  }
}

/** What nobody can change needs no copy for each who reads it. */
function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}
