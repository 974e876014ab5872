import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RehearsalReport, rehearsalReportSchema } from "@slipway/contracts";
import { rehearsalFolder } from "./rehearsal-folder.ts";

function fileIn(dataDir: string): string {
  return join(rehearsalFolder(dataDir), "report.json");
}

/** Keeps the report of the latest rehearsal beside the state that it made. */
export function writeLastReport(dataDir: string, report: RehearsalReport): void {
  writeFileSync(fileIn(dataDir), `${JSON.stringify(report, undefined, 2)}\n`);
}

/** The report of the latest rehearsal that ended, or `undefined` when there is none that this version can read. */
export function readLastReport(dataDir: string): RehearsalReport | undefined {
  try {
    return rehearsalReportSchema.parse(JSON.parse(readFileSync(fileIn(dataDir), "utf8")));
  } catch {
    return undefined;
  }
}
