import type { DocumentRecord, DocumentValue } from "@slipway/contracts";
import { type DecidedItem, sameValue } from "@slipway/release-engine";
import { wrapText } from "../costs/wrap-text.ts";
import { cutText } from "../terminal/cut-text.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import type { UndoPreview } from "./preview-undo.ts";
import type { AskedUndo } from "./undo-request.ts";

const LONGEST_VALUE = 40;

const DECISIONS = {
  write: "would be written",
  there: "is as it is wanted already",
  conflict: "conflict, stays",
  unwritable: "too many attributes for one condition, stays",
} as const;

/** What an undo would do, for people. */
export function renderUndo(
  request: AskedUndo,
  { exports, selected, would, samples }: UndoPreview,
  { environment, columns }: { readonly environment: string; readonly columns: number },
): string {
  const { table, tableName, from, to, undoes } = request;
  const arns = [...exports.pieces, ...(exports.after === undefined ? [] : [exports.after])].map(({ arn }) => arn);
  const wanted = undoes === undefined ? "as they were before" : `as ${undoes} found them`;
  const lines = [
    `${undoes === undefined ? "Undo of writes" : `Undo of ${undoes}`} in ${table} (${tableName}) of ${environment}, ${from} to ${to}`,
    ...arns.map((arn) => `  export ${arn}`),
    "",
    `${number(selected.items)} ${selected.items === 1 ? "item" : "items"} selected: ${number(selected.changed)} changed, ${number(selected.made)} made, ${number(selected.deleted)} deleted in that time`,
    `  ${number(would.written)} would be written: they are exactly as they were found, and become ${wanted}`,
    `  ${number(would.restored - would.written)} are ${wanted} already`,
    `  ${number(would.conflicts)} ${would.conflicts === 1 ? "conflict" : "conflicts"}: changed by somebody else since; they stay as they are`,
    ...(would.unwritable === 0
      ? []
      : [`  ${number(would.unwritable)} have more attributes than one condition can compare; they stay as they are`]),
    "",
    ...samples.map(sampleLine),
  ];
  const notes = [
    "Of an item that was changed several times in that time only what it was at the beginning and at the end is known: what came in between goes with it.",
    ...(selected.unseenDeletions === 0
      ? []
      : [
          `${number(selected.unseenDeletions)} deletions are left out, because something is asked of the image after, and a deleted item has none. To select them: --fate deleted, and nothing of after.`,
        ]),
    ...(selected.expiredDeletions === 0
      ? []
      : [
          `${number(selected.expiredDeletions)} deletions are left out, because the items had expired, and DynamoDB deletes those by itself. To select them: --fate deleted.`,
        ]),
  ];
  return `${[...lines, ...(samples.length === 0 ? [] : [""])].join("\n")}\n${notes.map((note) => `${wrapText(escapeControls(note), columns, "").join("\n")}\n`).join("")}`;
}

function sampleLine({ key, from, to, current, decision }: DecidedItem): string {
  const shown = decision === "conflict" ? ` (is now ${difference(from, current)})` : "";
  return escapeControls(`  ${json(key)}  ${DECISIONS[decision]}: ${difference(from, to)}${shown}`);
}

/** What would become different: `price 0 -> 7, name added`. */
function difference(from: DocumentRecord | undefined, to: DocumentRecord | undefined): string {
  if (from === undefined || to === undefined) {
    return from === undefined ? (to === undefined ? "nothing" : "made again") : "deleted";
  }
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter(
    (name) => !sameValue(from[name], to[name]),
  );
  const words = names.map((name) => {
    const [left, right] = [from[name], to[name]];
    if (left === undefined) {
      return `${name} added`;
    }
    return right === undefined ? `${name} removed` : `${name} ${json(left)} -> ${json(right)}`;
  });
  return words.length === 0 ? "the same" : words.join(", ");
}

function json(value: DocumentValue): string {
  const text = JSON.stringify(value, (_name, each: unknown) => (each instanceof Set ? [...each] : each));
  return cutText(text, LONGEST_VALUE, "…");
}

function number(count: number): string {
  return count.toLocaleString("en-US");
}
