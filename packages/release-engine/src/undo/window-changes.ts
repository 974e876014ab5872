import type { DocumentRecord } from "@slipway/contracts";
import { sameValue } from "../migrations/same-value.ts";
import type { ExportedChange, FinishedExport, TableExports } from "../ports/table-exports.ts";
import { canonicalRecord } from "./canonical-record.ts";
import type { WindowExports } from "./export-window.ts";
import type { WindowChange } from "./window-change.ts";

/** Items whose images are held in memory at the same time, where several exports have to be joined. */
const MOST_HELD = 50_000;

export interface WindowChangesOptions {
  /** End of the window, in milliseconds since the epoch: an export may be longer. */
  readonly to: number;
  readonly signal: AbortSignal;
  readonly mostHeld?: number;
}

/**
 * The changes of a window, in no order, each item once. Of an item that was changed several times in it there is what it was before the
 * first and after the last change; one that is again as it was is left out, as is one that came and went.
 *
 * One export is read as it comes. Several are read as often as it takes to hold no more than so many items of them in memory.
 *
 * @throws {ReleaseError} that names the file, when an export is damaged
 */
export async function* windowChanges(
  exports: TableExports,
  { pieces, after }: WindowExports,
  options: WindowChangesOptions,
): AsyncGenerator<WindowChange> {
  const [only, ...more] = pieces;
  const source =
    only === undefined || more.length > 0
      ? joined(exports, pieces, options)
      : after === undefined
        ? exports.changes(only, options.signal)
        : cutOff(exports, only, after, options);
  for await (const { key, before, after: last, at } of source) {
    if (!sameValue(before, last)) {
      yield { key, ...(before && { before }), ...(last && { after: last }), at };
    }
  }
}

/** Pieces one after the other: of each item the first image before and the last after. */
async function* joined(
  exports: TableExports,
  pieces: readonly FinishedExport[],
  { signal, mostHeld = MOST_HELD }: WindowChangesOptions,
): AsyncGenerator<ExportedChange> {
  const parts = partsOf(pieces, mostHeld);
  for (let part = 0; part < parts; part += 1) {
    const held = new Map<string, ExportedChange>();
    for (const piece of pieces) {
      for await (const change of exports.changes(piece, signal)) {
        const text = canonicalRecord(change.key);
        if (partOf(text, parts) === part) {
          const { before, ...last } = change;
          const first = held.has(text) ? held.get(text)?.before : before;
          held.set(text, { ...last, ...(first && { before: first }) });
        }
      }
    }
    yield* held.values();
  }
}

/**
 * An export that is longer than the window. What was changed last before the window's end is as it was then. Of what was changed after that,
 * the export that begins at the window's end knows what it was then; what is not in it had gone by then, and was made and deleted again.
 *
 * An item that was made in the window and gone by the end of this export is in neither: there is nothing to take back.
 */
async function* cutOff(
  exports: TableExports,
  piece: FinishedExport,
  later: FinishedExport,
  { to, signal, mostHeld = MOST_HELD }: WindowChangesOptions,
): AsyncGenerator<ExportedChange> {
  const parts = partsOf([later], mostHeld);
  for (let part = 0; part < parts; part += 1) {
    const atEnd = new Map<string, DocumentRecord | undefined>();
    for await (const { key, before } of exports.changes(later, signal)) {
      const text = canonicalRecord(key);
      if (partOf(text, parts) === part) {
        atEnd.set(text, before);
      }
    }
    for await (const { key, before, after, at } of exports.changes(piece, signal)) {
      const text = canonicalRecord(key);
      if (partOf(text, parts) === part) {
        const last = at < to ? after : atEnd.get(text);
        yield { key, ...(before && { before }), ...(last && { after: last }), at: Math.min(at, to) };
      }
    }
  }
}

function partsOf(exports: readonly FinishedExport[], mostHeld: number): number {
  return Math.max(1, Math.ceil(exports.reduce((sum, { items }) => sum + items, 0) / mostHeld));
}

/** FNV-1a, so that parts are about equally large. */
function partOf(text: string, parts: number): number {
  let hash = 2_166_136_261;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 16_777_619);
  }
  return (hash >>> 0) % parts;
}
