import { createHash } from "node:crypto";
import type { StepResult, UndoRequest } from "@slipway/contracts";
import type { FinishedExport, TableExports } from "../ports/table-exports.ts";
import { exportWindows, type TimeWindow } from "./export-windows.ts";

/** The exports that a window's changes are read from. */
export type WindowExports = StepResult<"data.export">;

export type ExportedWindow = Pick<UndoRequest, "tableName" | "from" | "to" | "exports">;

/**
 * Exports the changes of a window, or finds the exports that were begun for it before: they change no item of the table.
 *
 * @param now on the target's clock
 * @param onLine told what is waited for
 * @throws {ReleaseError} when the window cannot be exported, or an export fails or is not complete in time
 */
export async function exportWindow(
  exports: TableExports,
  request: ExportedWindow,
  {
    now,
    onLine,
    signal,
  }: { readonly now: number; readonly onLine: (text: string) => void; readonly signal: AbortSignal },
): Promise<WindowExports> {
  const { pieces, after } = exportWindows(windowOf(request), now);
  const windows = [...pieces, ...(after === undefined ? [] : [after])];
  const started: string[] = [];
  // All of them at once: AWS works on them side by side.
  for (const window of windows) {
    started.push(await start(exports, request, window, signal));
  }
  const finished: FinishedExport[] = [];
  for (const [index, arn] of started.entries()) {
    onLine(`waiting for the export ${index + 1} of ${started.length}: ${arn} (some minutes; it goes on by itself)`);
    finished.push(await exports.finished(arn, { signal }));
  }
  const last = after === undefined ? undefined : finished.pop();
  return { pieces: finished, ...(last === undefined ? {} : { after: last }) };
}

/** The window of a request, in milliseconds since the epoch. */
export function windowOf({ from, to }: Pick<ExportedWindow, "from" | "to">): TimeWindow {
  return { from: Date.parse(from), to: Date.parse(to) };
}

function start(
  exports: TableExports,
  { tableName, exports: { bucket, prefix } }: ExportedWindow,
  window: TimeWindow,
  signal: AbortSignal,
): Promise<string> {
  const place = { table: tableName, ...window, bucket, prefix };
  // The same window of the same table is the same export: a preview, the release after it and one that is resumed share it.
  const token = createHash("sha256").update(JSON.stringify(place)).digest("hex").slice(0, 32);
  return exports.start({ ...place, token: `slipway-${token}` }, signal);
}
