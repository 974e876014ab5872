import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RehearsalReport } from "@slipway/contracts";
import { rehearsalFolder } from "./rehearsal-folder.ts";

/** Keeps the report of the latest rehearsal beside the state that it made. */
export function writeLastReport(dataDir: string, report: RehearsalReport): void {
  writeFileSync(join(rehearsalFolder(dataDir), "report.json"), `${JSON.stringify(report, undefined, 2)}\n`);
}
