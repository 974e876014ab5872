import type { ListedBackup, ListedVersion, StateListing } from "@slipway/release-engine";
import { formatTime } from "../charts/format-time.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { wholeTable } from "../terminal/whole-table.ts";
import { ONLY_FOR_LOST_STATE } from "./open-state.ts";

interface Place {
  readonly environment: string;
  readonly target: string;
  readonly flags: string;
}

/** What a state could be brought back from, for people. */
export function renderStateList(
  { location, versions, olderVersions, backups }: StateListing,
  { environment, target, flags }: Place,
  columns: number,
): string {
  const say = (text: string) => `${wrapText(escapeControls(text), columns, "").join("\n")}\n`;
  const [newest] = versions;
  return [
    say(`The Terraform state of ${environment} on ${target}: ${location}`),
    newest === undefined
      ? say("The bucket keeps nothing of it: it was never written, or the bucket does not keep versions.")
      : `\n${wholeTable([VERSION_HEADING, ...versions.map(versionRow)], columns)}`,
    olderVersions === 0 ? "" : say(`${olderVersions} older ones: --limit N.`),
    "\n",
    backups.length === 0
      ? say(`No named copies. To make one: slipway state backup ${environment}${flags}`)
      : wholeTable([BACKUP_HEADING, ...backups.map(backupRow)], columns),
    "\n",
    say(`To put one back: slipway state restore ${environment} --version ID${flags} --plan. ${ONLY_FOR_LOST_STATE}`),
    say(`To bring back anything else: slipway rollback ${environment}${flags}`),
  ].join("");
}

const VERSION_HEADING = ["version", "serial", "lineage", "written", "bytes", "resources", "left by"];
const BACKUP_HEADING = ["backup", "serial", "lineage", "made", "bytes", "resources", "by"];

function versionRow({ id, at, bytes, isPresent, isDeletion, origin, ...facts }: ListedVersion): string[] {
  const who =
    facts.problem ?? (isDeletion ? "DELETED here" : origin === undefined ? "" : `${origin.what}, ${nameOf(origin.by)}`);
  const left = [isPresent && !isDeletion ? "present" : "", who].filter((each) => each !== "").join("; ");
  return [id, ...cells(facts, at), isDeletion ? "" : String(bytes), String(facts.resources ?? ""), left].map((cell) =>
    escapeControls(cell),
  );
}

function backupRow({ name, at, bytes, by, ...facts }: ListedBackup): string[] {
  const who = facts.problem ?? (by === undefined ? "not in the ledger" : nameOf(by));
  return [name, ...cells(facts, at), String(bytes), String(facts.resources ?? ""), who].map((cell) =>
    escapeControls(cell),
  );
}

function cells({ serial, lineage }: Pick<ListedVersion, "serial" | "lineage">, at: number): string[] {
  return [serial === undefined ? "" : String(serial), lineage?.slice(0, 8) ?? "", formatTime(at)];
}

function nameOf(by: string): string {
  return by.replace(/ <[^>]*>$/, "");
}
