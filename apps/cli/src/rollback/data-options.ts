import type { CommandOption } from "../command.ts";
import { RESTORE_OPTIONS, type RestoreOptions } from "./restore-options.ts";
import { UNDO_OPTIONS, type UndoOptions } from "./undo-options.ts";

/** Options of `slipway rollback ENV data`. */
export type DataOptions = UndoOptions &
  Pick<
    RestoreOptions,
    "restore" | "toTime" | "backup" | "dryRun" | "acceptLostWrites" | "acceptLostMigrations" | "keepFor"
  >;

/** What both ways of rolling data back ask for. */
const SHARED_OPTIONS: readonly CommandOption[] = [
  {
    flags: "--table <name>",
    description:
      "data: the table (default: the only one); with --undo as slipway.config.ts calls it, with --restore as AWS does",
  },
  {
    flags: "--yes <answer>",
    description:
      "data: what would be asked for: with --undo how many items are written, with --restore the table's name",
  },
];

export const DATA_OPTIONS: readonly CommandOption[] = [...SHARED_OPTIONS, ...UNDO_OPTIONS, ...RESTORE_OPTIONS];

/** Which flags of the data part were given, for what has no use for them to refuse. */
export function dataOptionsIn(
  options: Readonly<Record<string, unknown>> | object,
  among: readonly CommandOption[] = DATA_OPTIONS,
): readonly string[] {
  return among.flatMap(({ flags }) => {
    const flag = flags.split(" ")[0] ?? "";
    const key = flag.slice(2).replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return (options as Readonly<Record<string, unknown>>)[key] === undefined ? [] : [flag];
  });
}
