import type { ListedTableBackup, PruneDecision, TableRecovery } from "@slipway/release-engine";
import { formatTime } from "../charts/format-time.ts";
import { formatValue } from "../charts/format-value.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { wholeTable } from "../terminal/whole-table.ts";

const HEADING = ["backup", "made", "size", "items", "by", "verified"];

/** What the tables of an environment can be brought back from, for people. */
export function renderBackups(
  tables: readonly TableRecovery[],
  leftBehind: readonly string[],
  { environment, target, flags }: { readonly environment: string; readonly target: string; readonly flags: string },
  columns: number,
): string {
  const say = (text: string) => `${wrapText(escapeControls(text), columns, "").join("\n")}\n`;
  return [
    say(`What the tables of ${environment} on ${target} can be brought back from`),
    ...tables.map((recovery) => `\n${renderTable(recovery, columns)}`),
    ...leftBehind.map((table) =>
      say(
        `${table} is left of a verification that has not ended: unless it still runs, aws dynamodb delete-table --table-name ${table}`,
      ),
    ),
    tables.some(({ backups }) => backups.some(({ isOwn }) => isOwn))
      ? ""
      : `\n${say(`No backup of Slipway's. To make one: slipway backup ${environment} create${flags}`)}`,
  ].join("");
}

function renderTable({ table, pointInTime, backups }: TableRecovery, columns: number): string {
  const window =
    pointInTime === null
      ? "point-in-time recovery is OFF"
      : `to any second from ${momentOf(pointInTime.since)} to ${momentOf(pointInTime.until)}${
          pointInTime.days === null ? "" : `, kept for ${pointInTime.days} days`
        }`;
  const rows = backups.map((backup) => rowOf(backup).map((cell) => escapeControls(cell)));
  return [
    ...wrapText(escapeControls(`${table}: ${window}`), columns, "").map((line) => `${line}\n`),
    rows.length === 0 ? "no on-demand backups\n" : wholeTable([HEADING, ...rows], columns),
  ].join("");
}

function rowOf(backup: ListedTableBackup): string[] {
  const { name, createdAt, bytes, isUsable, record } = backup;
  const { verified } = record ?? {};
  const items = verified?.items ?? record?.items;
  return [
    name,
    formatTime(createdAt),
    isUsable ? formatValue(bytes, "bytes") : "not ready",
    items === undefined ? "" : String(items),
    makerOf(backup),
    record === undefined ? "" : verdictOf(record),
  ];
}

function makerOf({ isOwn, isScheduled, kind, record }: ListedTableBackup): string {
  const known = record?.createdBy?.replace(/ <[^>]*>$/, "");
  return known ?? (isScheduled ? "the schedule" : isOwn ? "Slipway" : kind === "on-demand" ? "others" : kind);
}

/** The last verdict; where that one is unknown, what was known before, too. */
function verdictOf({ verified, passedAt, failedAt }: NonNullable<ListedTableBackup["record"]>): string {
  if (verified === undefined) {
    return "";
  }
  const last = `${verified.verdict} ${verified.at.slice(0, 10)}`;
  const [known, at] = passedAt === undefined ? ["fail", failedAt] : ["pass", passedAt];
  return verified.verdict !== "unknown" || at === undefined ? last : `${known} ${at.slice(0, 10)}, then ${last}`;
}

/** What a pruning would delete and what it would keep, for people. */
export function renderPruning(decisions: readonly PruneDecision[], columns: number): string {
  const line = ({ backup, isKept, because }: PruneDecision) => [
    isKept ? "keep" : "DELETE",
    backup.table,
    backup.name,
    formatTime(backup.createdAt),
    because,
  ];
  const rows = decisions.map((each) => line(each).map((cell) => escapeControls(cell)));
  return wholeTable([["", "table", "backup", "made", "because"], ...rows], columns);
}

function momentOf(moment: number | null): string {
  return moment === null ? "an unknown moment" : formatTime(moment);
}
