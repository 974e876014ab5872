import {
  type DecidedItem,
  exportWindow,
  runPhase,
  type SelectedWrites,
  selectWrites,
  type WindowExports,
  type WriteBack,
  windowChanges,
  windowOf,
  writeBack,
} from "@slipway/release-engine";
import type { ReleaseSession } from "../release/release-command.ts";
import type { AskedUndo } from "./undo-request.ts";
import type { UndoPorts } from "./undo-steps.ts";

/** What an undo would do, looked at without changing an item. */
export interface UndoPreview {
  readonly exports: WindowExports;
  readonly selected: SelectedWrites;
  /** `written`: what would be. */
  readonly would: WriteBack;
  /** A few items of each decision. */
  readonly samples: readonly DecidedItem[];
}

/**
 * Exports the window, selects in it, and looks at each selected item as it is now.
 *
 * @param onItem told of each of them
 * @throws ReleaseError when the window cannot be exported, or the table not be read
 */
export async function previewUndo(
  { exports, table, clock, systemClock }: UndoPorts,
  { open }: Pick<ReleaseSession, "open">,
  request: AskedUndo,
  { signal, samples, onItem }: { signal: AbortSignal; samples: number; onItem: (item: DecidedItem) => void },
): Promise<UndoPreview> {
  const { progress } = open.ports;
  const phase = <T>(id: string, title: string, work: (onLine: (text: string) => void) => Promise<[T, string]>) =>
    runPhase({ clock: systemClock, progress }, { phase: `preview.${id}`, title }, async (onLine) => {
      const [value, summary] = await work(onLine);
      return { value, summary };
    }).then(({ value }) => value);
  const { tableName, select, rate, undoes } = request;
  const items = table(tableName);

  const windows = await phase(
    "export",
    `export what was changed in ${tableName}; no item is changed`,
    async (onLine) => {
      const found = await exportWindow(exports, request, { now: clock.now(), onLine, signal });
      return [
        found,
        `${found.pieces.reduce((sum, each) => sum + each.items, 0).toLocaleString("en-US")} changed items`,
      ];
    },
  );
  const changes = () => windowChanges(exports, windows, { to: windowOf(request).to, signal });
  const selected = await phase("select", "select", async () => {
    const found = await selectWrites(changes(), select, await items.describe(signal));
    return [found, `${found.items.toLocaleString("en-US")} items`];
  });
  const kept: DecidedItem[] = [];
  const would = await phase("look", "look at them as they are now", async (onLine) => {
    const seen = await writeBack(
      { table: items, clock: systemClock },
      {
        ...{ changes: changes(), select, isRedo: undoes !== undefined, mode: "look", signal },
        ...(rate && { rate }),
        onItem(item) {
          if (kept.filter(({ decision }) => decision === item.decision).length < samples) {
            kept.push(item);
          }
          onItem(item);
        },
        onProgress: (count) => void (count % 1_000 === 0 && onLine(`${count.toLocaleString("en-US")} items`)),
      },
    );
    return [seen, `${seen.written.toLocaleString("en-US")} would be written`];
  });
  return { exports: windows, selected, would, samples: kept };
}
