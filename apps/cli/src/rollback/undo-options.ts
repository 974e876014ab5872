import type { CommandOption } from "../command.ts";

/** Options of `slipway rollback ENV data --undo` and `--undo-of`. */
export interface UndoOptions {
  readonly undo?: boolean;
  readonly undoOf?: string;
  readonly table?: string;
  readonly since?: string;
  readonly until?: string;
  readonly release?: string;
  readonly where?: readonly string[];
  readonly fate?: readonly string[];
  readonly keyPrefix?: string;
  readonly writer?: string;
  readonly functionVersion?: string;
  readonly rate?: string;
  readonly samples?: string;
  readonly conflicts?: string;
  readonly yes?: string;
}

export const UNDO_OPTIONS: readonly CommandOption[] = [
  {
    flags: "--undo",
    description:
      "data: take bad writes back where nobody has changed the item since; the preview exports the window, which changes no item",
  },
  {
    flags: "--undo-of <release>",
    description: "data: take the undo of this release back: the images that it found are written again",
  },
  {
    flags: "--since <moment>",
    description: "data: the second right before the first bad write, such as 14:30:05 or 2026-11-28T14:30:05 (UTC)",
  },
  { flags: "--until <moment>", description: "data: the second after the last bad write" },
  { flags: "--release <release>", description: "data: the time in which this release had traffic, from the ledger" },
  {
    flags: "--where <conditions...>",
    description:
      "data: of the items that were changed, those for which all hold: after.NAME=VALUE, before.NAME=VALUE, after.NAME (is there), !after.NAME (is not), changed.NAME. Written to the ledger as typed",
  },
  {
    flags: "--fate <fates...>",
    description:
      "data: what became of the item in the window; deletions of items that had expired count only where deleted is named",
    choices: ["made", "changed", "deleted"],
  },
  { flags: "--key-prefix <text>", description: "data: what the partition key begins with" },
  {
    flags: "--writer <text>",
    description: "data: who wrote last, by the table's recovery.writerAttribute in slipway.config.ts",
  },
  {
    flags: "--function-version <version>",
    description: "data: the version that wrote last, by the table's recovery.versionAttribute in slipway.config.ts",
  },
  { flags: "--rate <n>", description: "data: items (500) or capacity units (50cu) per second, at most" },
  {
    flags: "--samples <n>",
    description: "data: items to show with their keys and values (default: 5; none with --output json)",
  },
  { flags: "--conflicts <file>", description: "data: write the conflicts to this file, a line of JSON for each" },
];
