import type { DocumentRecord } from "@slipway/contracts";
import { ManualClock } from "@slipway/testing";
import { sameValue } from "../../migrations/same-value.ts";
import type { ExportedChange, ExportRequest, FinishedExport, TableExports } from "../../ports/table-exports.ts";
import type { ItemSwap, UndoTable } from "../../ports/undo-table.ts";

type Call = "read" | "swap" | "start" | "finished" | "changes";

interface JournaledChange {
  readonly at: number;
  readonly id: string;
  readonly before: DocumentRecord | undefined;
  readonly after: DocumentRecord | undefined;
}

/** A table in memory with a journal, and the exports that AWS makes of it. Its calls can be made to fail at their beginning and at their end. */
export class FakeJournaledTable implements UndoTable, TableExports {
  readonly clock: ManualClock;
  readonly items = new Map<string, DocumentRecord>();
  /** How often each item was written by `swap`. */
  readonly writes = new Map<string, number>();
  readonly started: ExportRequest[] = [];
  /** Awaited before a call has its effect and after it has; what it throws, the caller gets: after the effect, an answer that was lost. */
  step: (call: Call, when: "before" | "after") => Promise<void> = async () => {};
  readonly #journal: JournaledChange[] = [];

  constructor(clock = new ManualClock(Date.UTC(2026, 10, 28, 12))) {
    this.clock = clock;
  }

  put(item: DocumentRecord): void {
    this.#set(String(item.id), item);
  }

  delete(id: string): void {
    this.#set(id, undefined);
  }

  async describe() {
    return { name: "things-prod", partitionKey: "id" };
  }

  async read(key: DocumentRecord) {
    await this.step("read", "before");
    const record = this.items.get(String(key.id));
    await this.step("read", "after");
    return { record, readUnits: 1 };
  }

  async swap({ key, from, to }: ItemSwap) {
    await this.step("swap", "before");
    const id = String(key.id);
    const now = this.items.get(id);
    const names = Object.keys(from ?? {});
    const isAsWanted =
      from === undefined
        ? now === undefined
        : now !== undefined &&
          names.every((name) => sameValue(now[name], from[name])) &&
          Object.keys(to ?? {}).every((name) => names.includes(name) || !Object.hasOwn(now, name));
    if (isAsWanted) {
      // As an update does: what nobody has named stays.
      const added = Object.entries(now ?? {}).filter(([name]) => !names.includes(name));
      this.#set(id, to === undefined ? undefined : { ...Object.fromEntries(added), ...to });
      this.writes.set(id, (this.writes.get(id) ?? 0) + 1);
    }
    await this.step("swap", "after");
    return { outcome: isAsWanted ? ("written" as const) : ("conflict" as const), writeUnits: 1 };
  }

  async start(request: ExportRequest): Promise<string> {
    await this.step("start", "before");
    const { from, to, token } = request;
    const length = to - from;
    if (from % 1000 !== 0 || length < 900_000 || length > 86_400_000 || to > this.clock.now()) {
      throw new Error(`AWS does not export ${new Date(from).toISOString()} to ${new Date(to).toISOString()}`);
    }
    if (!this.started.some((known) => known.token === token)) {
      this.started.push(request);
    }
    await this.step("start", "after");
    return `arn:aws:dynamodb:us-east-1:000000000000:table/things-prod/export/${token}`;
  }

  async finished(arn: string): Promise<FinishedExport> {
    await this.step("finished", "before");
    const { from, to, bucket } = this.started.find(({ token }) => arn.endsWith(token)) as ExportRequest;
    const items = this.#netChanges(from, to).length;
    await this.step("finished", "after");
    return { arn, bucket, manifest: "manifest-summary.json", from, to, items };
  }

  async *changes({ from, to }: FinishedExport): AsyncGenerator<ExportedChange> {
    await this.step("changes", "before");
    // In no order.
    yield* this.#netChanges(from, to).reverse();
    await this.step("changes", "after");
  }

  #netChanges(from: number, to: number): ExportedChange[] {
    const net = new Map<string, ExportedChange>();
    for (const { at, id, before, after } of this.#journal) {
      if (at >= from && at < to) {
        const known = net.get(id);
        const first = known === undefined ? before : known.before;
        net.set(id, { key: { id }, at, ...(first && { before: first }), ...(after && { after }) });
      }
    }
    return [...net.values()].filter(({ before, after }) => before !== undefined || after !== undefined);
  }

  #set(id: string, after: DocumentRecord | undefined): void {
    const before = this.items.get(id);
    if (after === undefined) {
      this.items.delete(id);
    } else {
      this.items.set(id, after);
    }
    this.#journal.push({ at: this.clock.now(), id, before, after });
  }
}
