import type { UndoRequest } from "@slipway/contracts";
import type { Clock } from "../ports/clock.ts";
import type { TableExports } from "../ports/table-exports.ts";
import type { UndoTable } from "../ports/undo-table.ts";
import type { StepContext, StepHandlers } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import { exportWindow, type WindowExports, windowOf } from "./export-window.ts";
import { selectWrites } from "./select-writes.ts";
import type { WindowChange } from "./window-change.ts";
import { windowChanges } from "./window-changes.ts";
import { type DecidedItem, type WriteBack, writeBack } from "./write-back.ts";

/** What takes bad writes back. Who composes it sees to it that `start` and `swap` are only called while the lease is held. */
export interface UndoDeps {
  readonly exports: TableExports;
  /** @param name as AWS calls it */
  table(name: string): UndoTable;
  /** The target's time. */
  readonly clock: Clock;
  /** The machine's, for pauses and rates. */
  readonly systemClock: Clock;
  /** Told of each item that is written back: conflicts are for whoever has to look at them, and never written down. */
  readonly onItem?: (decided: DecidedItem) => void | Promise<void>;
  /** What commands to type next need after the environment's name, with a space before it. */
  readonly flags: string;
}

type UndoHandlers = Pick<StepHandlers, "data.export" | "data.select" | "data.write-back">;

/** Items between two words on how far it is. */
const SAY_EVERY = 500;

/**
 * The steps of an undo in place: export the window, select in it, write back. What is selected lies in the export and never in the ledger, so
 * each step selects again, and goes on only with what somebody has confirmed: the same items with the same images.
 */
export function undoHandlers(deps: UndoDeps): UndoHandlers {
  return {
    async "data.export"(context) {
      const request = requestOf(context);
      const { signal } = context;
      const onLine = (text: string) => context.line(text, { isWait: true });
      const result = await exportWindow(deps.exports, request, { now: deps.clock.now(), onLine, signal });
      const all = [...result.pieces, ...(result.after === undefined ? [] : [result.after])];
      const items = all.reduce((sum, each) => sum + each.items, 0);
      return {
        outcome: "done",
        summary: `${counted(all.length, "export")} of ${counted(items, "changed item")}`,
        result,
      };
    },

    async "data.select"(context) {
      const { unseenDeletions: _, expiredDeletions: __, ...result } = await selectAgain(deps, context);
      const { made, changed, deleted } = result;
      const summary = `${counted(result.items, "item")}: ${number(changed)} changed, ${number(made)} made, ${number(deleted)} deleted`;
      return { outcome: "done", summary, result };
    },

    async "data.write-back"(context) {
      const request = requestOf(context);
      const { digest } = context.result("data.select");
      // Before the first write: what is written is what was selected.
      if ((await selectAgain(deps, context)).digest !== digest) {
        throw notTheSame(deps, context, `${digest} was selected, and now it is another digest`);
      }
      const result = await writeBack(
        { table: deps.table(request.tableName), clock: deps.systemClock },
        {
          ...{ changes: changesOf(deps, context), select: request.select, isRedo: request.undoes !== undefined },
          ...{ mode: "write", signal: context.signal },
          ...(request.rate && { rate: request.rate }),
          ...(deps.onItem && { onItem: deps.onItem }),
          onProgress(seen) {
            if (seen % SAY_EVERY === 0) {
              context.line(`${number(seen)} of ${counted(request.confirmed.items, "item")}`);
            }
          },
        },
      );
      return { outcome: "done", summary: writeBackWords(result, request.undoes !== undefined), result };
    },
  };
}

/** What came of a write-back, in a sentence without a full stop. */
function writeBackWords({ restored, written, conflicts, unwritable }: WriteBack, isRedo: boolean): string {
  const image = isRedo ? "have the image that was undone again" : "are as they were before";
  const before = restored > written ? `, ${number(restored - written)} of them already` : "";
  return [
    `${counted(restored, "item")} ${image}${before}`,
    `${counted(conflicts, "conflict")}${conflicts === 0 ? "" : ": changed by somebody else since, left as they are"}`,
    ...(unwritable === 0 ? [] : [`${counted(unwritable, "item")} left with too many attributes for one condition`]),
  ].join("; ");
}

/** @throws {ReleaseError} when it is not what was confirmed */
async function selectAgain(deps: UndoDeps, context: StepContext) {
  const { tableName, select, confirmed } = requestOf(context);
  const keyed = await deps.table(tableName).describe(context.signal);
  const selected = await selectWrites(changesOf(deps, context), select, keyed);
  if (selected.digest !== confirmed.digest) {
    throw notTheSame(
      deps,
      context,
      `${counted(confirmed.items, "item")} (digest ${confirmed.digest}) were confirmed, and the export has ${number(selected.items)} (digest ${selected.digest})`,
    );
  }
  return selected;
}

function changesOf({ exports }: UndoDeps, context: StepContext): AsyncIterable<WindowChange> {
  const windowExports: WindowExports = context.result("data.export");
  return windowChanges(exports, windowExports, { to: windowOf(requestOf(context)).to, signal: context.signal });
}

function requestOf({ plan }: StepContext): UndoRequest {
  if (plan.undo === undefined) {
    throw new Error(`the plan of ${plan.release} has steps data.*, and does not say what is undone`);
  }
  return plan.undo;
}

function notTheSame({ flags }: UndoDeps, { plan: { environment } }: StepContext, why: string): ReleaseError {
  return new ReleaseError({
    kind: "conflict",
    what: "What is selected is not what was confirmed, so nothing is written",
    why,
    next: `slipway rollback ${environment}${flags} ends it; then look again: slipway rollback ${environment} data --undo --plan${flags}`,
  });
}

function counted(count: number, what: string): string {
  return `${number(count)} ${what}${count === 1 ? "" : "s"}`;
}

function number(count: number): string {
  return count.toLocaleString("en-US");
}
