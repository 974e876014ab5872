import { wrapText } from "../costs/wrap-text.ts";
import { table } from "../terminal/table.ts";
import type { MigrateMode, MigrationReport, TableReport } from "./migrate-table.ts";

/** Shows what became of the migrations of each table. */
export function renderMigrations(
  { mode, tables }: { readonly mode: MigrateMode; readonly tables: readonly TableReport[] },
  columns: number,
): string {
  return tables.map((each) => renderTable(each, mode, columns)).join("\n");
}

function renderTable({ name, tableName, migrations }: TableReport, mode: MigrateMode, columns: number): string {
  const heading = `${name} (${tableName})\n`;
  if (migrations.length === 0) {
    return `${heading}  has no migrations\n`;
  }
  const rows = migrations.map((each) => [each.id, each.phase, stateOf(each, mode), numbersOf(each)]);
  const notes = migrations.flatMap((each) => notesOf(each));
  return [
    heading,
    table([["migration", "phase", "state", "records"], ...rows]),
    ...(notes.length === 0 ? [] : ["\n"]),
    ...notes.map((note) => `${wrapText(note, columns, "  ").join("\n")}\n`),
  ].join("");
}

function stateOf({ verdict, outcome, begun, finishedAt, wouldChange }: MigrationReport, mode: MigrateMode): string {
  if (outcome !== undefined) {
    return { done: "done", left: "NOT DONE", problems: "NOT DONE" }[outcome];
  }
  if (wouldChange !== undefined) {
    return "would run";
  }
  const words = {
    done: `done ${finishedAt?.slice(0, 10) ?? ""}`.trim(),
    due: "due",
    resume: "begun",
    restart: "begun, with another file",
    again: "done, asked for again",
    waiting: !begun ? "waits" : finishedAt === undefined ? "BEGUN, and waits" : "done, WAITS TO RUN AGAIN",
    refused: "REFUSED",
  } as const;
  // What is due after a run was held up by something else.
  return mode === "run" && verdict === "due" ? "not run" : words[verdict];
}

function numbersOf({ counts, wouldChange }: MigrationReport): string {
  if (counts === undefined) {
    return "";
  }
  const { scanned, changed, conflicts, readUnits, writeUnits } = counts;
  const number = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 1 });
  const change = wouldChange === undefined ? `${number(changed)} changed` : `${number(wouldChange)} would change`;
  return [
    `${number(scanned)} looked at`,
    change,
    ...(conflicts === 0 ? [] : [`${number(conflicts)} conflicts`]),
    `${number(readUnits)} RCU`,
    ...(writeUnits === 0 ? [] : [`${number(writeUnits)} WCU`]),
  ].join(", ");
}

function notesOf(report: MigrationReport): string[] {
  const { id, verdict, why, outcome, begun, left = [], holder, counts, startedAt, finishedAt } = report;
  const shown = left.map(({ key, why: reason }) => `${JSON.stringify(key)} ${reason}`).join("; ");
  return [
    ...(outcome === undefined && why !== undefined && verdict !== "done" ? [`${id}: ${why}.`] : []),
    ...(outcome === undefined && verdict === "waiting" && begun && finishedAt === undefined
      ? [`${id}: was begun ${startedAt}, and is not done: a part of the records may have lost the old shape already.`]
      : []),
    ...(holder === undefined ? [] : [`${id}: is being run by ${holder.name} since ${holder.since}.`]),
    ...(outcome === "left"
      ? [
          `${id}: records in the old shape keep coming, so a live version still writes it: ${shown}. Release the version that writes the new shape, then type the same command again.`,
        ]
      : []),
    ...(outcome === "problems"
      ? [
          `${id}: ${counts?.problems ?? 0} records are not as they have to be: ${shown}. Correct the migration or the records.`,
        ]
      : []),
  ];
}
