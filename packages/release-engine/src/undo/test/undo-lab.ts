import type { DocumentRecord, StepKind, UndoRequest, UndoSelection } from "@slipway/contracts";
import { ManualClock } from "@slipway/testing";
import { fakeStepContext } from "../../test/fake-step-context.ts";
import { exportWindow, windowOf } from "../export-window.ts";
import { selectWrites } from "../select-writes.ts";
import { type UndoDeps, undoHandlers } from "../undo-handlers.ts";
import { windowChanges } from "../window-changes.ts";
import type { WriteBack } from "../write-back.ts";
import { FakeJournaledTable } from "./fake-journaled-table.ts";

export interface UndoLabOptions {
  readonly items: number;
  /** The first so many items get a bad write. */
  readonly corrupted: number;
  /** Of those, the first so many are changed by others afterwards. */
  readonly changed: number;
}

const bad = (id: string): DocumentRecord => ({ id, price: 0, broken: true });
export const good = (id: string): DocumentRecord => ({ id, price: 7, name: `thing ${id}` });
export const theirs = (id: string): DocumentRecord => ({ ...bad(id), price: 8 });

/** A table of which some items were badly written in one minute, and some of those changed since; and the steps that take it back. */
export class UndoLab {
  readonly table: FakeJournaledTable;
  /** Begin of that minute. */
  readonly from: number;
  readonly options: UndoLabOptions;
  readonly #systemClock = new ManualClock(0);
  #request: UndoRequest | undefined;
  #results: Partial<Record<StepKind, unknown>> = {};

  constructor(options: UndoLabOptions, clock?: ManualClock) {
    this.options = options;
    const table = new FakeJournaledTable(clock);
    this.table = table;
    for (const id of this.ids()) table.put(good(id));
    table.clock.advance(30 * 60_000);
    this.from = Math.floor(table.clock.now() / 1000) * 1000;
    for (const id of this.ids(options.corrupted)) {
      // One of ten was deleted.
      id.endsWith("8") ? table.delete(id) : table.put(bad(id));
    }
    table.clock.advance(30 * 60_000);
    for (const id of this.ids(options.changed)) table.put(theirs(id));
    table.clock.advance(60_000);
    table.writes.clear();
  }

  ids(count = this.options.items): string[] {
    return Array.from({ length: count }, (_, index) => String(index).padStart(4, "0"));
  }

  /** What somebody has looked at and confirmed. */
  async request(select: UndoSelection = {}): Promise<UndoRequest> {
    const request = {
      ...{ table: "things", tableName: "things-prod", select, exports: { bucket: "exports", prefix: "recovery" } },
      ...{ from: new Date(this.from).toISOString(), to: new Date(this.from + 60_000).toISOString() },
    };
    const signal = new AbortController().signal;
    const windows = await exportWindow(this.table, request, { now: this.table.clock.now(), onLine: () => {}, signal });
    const changes = windowChanges(this.table, windows, { to: windowOf(request).to, signal });
    const { items, digest } = await selectWrites(changes, select, await this.table.describe());
    return { ...request, confirmed: { items, digest } };
  }

  /** A process: it takes the steps that no process before it has finished. */
  async run(
    given: { readonly signal?: AbortSignal; readonly request?: UndoRequest } & Partial<
      Pick<UndoDeps, "onItem" | "table">
    > = {},
  ): Promise<WriteBack> {
    this.#request ??= given.request ?? (await this.request());
    const request = given.request ?? this.#request;
    const { signal, onItem, table = () => this.table } = given;
    const deps = {
      exports: this.table,
      table,
      clock: this.table.clock,
      systemClock: this.#systemClock,
      flags: " --local",
    };
    const handlers = undoHandlers({ ...deps, ...(onItem && { onItem }) });
    for (const kind of ["data.export", "data.select", "data.write-back"] as const) {
      if (this.#results[kind] === undefined) {
        const context = fakeStepContext({
          step: { id: kind, kind },
          results: this.#results,
          ...(signal && { signal }),
        });
        const end = await handlers[kind]({ ...context, plan: { ...context.plan, undo: request } });
        if (end.outcome !== "done") throw new Error(`${kind} is ${end.outcome}: ${end.summary}`);
        this.#results[kind] = end.result;
      }
    }
    return this.#results["data.write-back"] as WriteBack;
  }

  /** How long was waited for a rate, or for a call that was throttled. */
  get waitedMs(): number {
    return this.#systemClock.now();
  }

  /** Begins anew: another release. */
  forget(): void {
    this.#results = {};
    this.#request = undefined;
  }
}
