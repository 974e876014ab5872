import type { CommandOption } from "../command.ts";
import { parseDuration } from "../parse-duration.ts";
import type { ReleaseOptions } from "../release/release-command.ts";
import { UserError } from "../user-error.ts";

/** Options of `slipway rollback ENV data --restore`. */
export interface RestoreOptions
  extends Pick<ReleaseOptions, "plan" | "verbose" | "local" | "port" | "output" | "fastForward"> {
  readonly restore?: boolean;
  readonly table?: string;
  readonly toTime?: string;
  readonly backup?: string;
  readonly dryRun?: boolean;
  readonly acceptLostWrites?: boolean;
  readonly acceptLostMigrations?: boolean;
  readonly keepFor?: string;
  readonly yes?: string;
}

const DEFAULT_KEPT = "30d";

export const RESTORE_OPTIONS: readonly CommandOption[] = [
  { flags: "--restore", description: "data: restore a table, and let the restored one take its place" },
  {
    flags: "--to-time <time>",
    description: "data: to the state just before this second, such as 2026-11-28T16:15:00Z (point-in-time recovery)",
  },
  { flags: "--backup <arn>", description: "data: from an on-demand backup; slipway backup ENV list shows them" },
  { flags: "--dry-run", description: "data: restore and verify, switch to nothing, delete what was restored" },
  {
    flags: "--accept-lost-writes",
    description: "data: do not stop the writes; whatever is written until the switch is lost",
  },
  {
    flags: "--accept-lost-migrations",
    description: "data: restore to before a migration that the code which runs may need",
  },
  {
    flags: "--keep-for <duration>",
    description: `data: how long the table before is kept (default: ${DEFAULT_KEPT}); it is never deleted by itself`,
  },
];

/** What is wanted, checked. */
export interface RestoreWish {
  readonly to: { readonly time: string } | { readonly backup: string };
  readonly keptMs: number;
}

/** @throws UserError naming the option */
export function restoreWish({
  toTime,
  backup,
  dryRun,
  acceptLostWrites,
  keepFor = DEFAULT_KEPT,
}: RestoreOptions): RestoreWish {
  if ((toTime === undefined) === (backup === undefined)) {
    throw new UserError("--to-time, --backup: give one of them: what the table is to be restored to.");
  }
  if (dryRun === true && acceptLostWrites === true) {
    throw new UserError("--accept-lost-writes: --dry-run stops no writes, and loses none.");
  }
  if (backup !== undefined && !/^arn:[a-z-]+:dynamodb:[^:]+:\d{12}:table\/[^/]+\/backup\/[^/]+$/.test(backup)) {
    throw new UserError(
      `--backup: '${backup}' is no ARN of a backup (arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/backup/ID).`,
    );
  }
  return {
    to: backup === undefined ? { time: second(toTime ?? "") } : { backup },
    keptMs: parseDuration(keepFor, "--keep-for"),
  };
}

/** AWS restores to whole seconds. */
function second(text: string): string {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.0+)?(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new UserError(`--to-time: '${text}' is no second with its time zone, such as 2026-11-28T16:15:00Z.`);
  }
  return new Date(text).toISOString();
}
