import type { ItemsTable } from "./start-items-table.ts";

/** Longer than the handler's client waits (2 s). */
export const TIMEOUT_MS = 2_500;

/** How often calls to the table fail, by kind of failure. */
export interface FaultRates {
  /** Of each kind but timeouts. */
  rate: number;
  /** How many calls of each kind of write, and of reads, get their answer too late. */
  timeouts: number;
}

/** Plants every fault that a table can have on every call of the handler. */
export async function plantAllFaults(table: ItemsTable, { rate, timeouts }: FaultRates): Promise<void> {
  for (const kind of ["throttle", "error", "unavailable", "drop", "lost-answer"] as const) {
    await table.plant({ kind, rate });
  }
  for (const operation of ["TransactWriteItems", "UpdateItem", "DeleteItem", "GetItem"]) {
    await table.plant({ kind: "delay", delayMs: TIMEOUT_MS, operation, rate, remaining: timeouts });
  }
}
