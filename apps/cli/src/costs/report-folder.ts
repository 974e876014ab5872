import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CostReport, costReportSchema, describeProblems } from "@slipway/contracts";
import { UserError } from "../user-error.ts";

/** A report that was kept, and its file. */
export interface KeptReport {
  readonly report: CostReport;
  readonly file: string;
}

/** What an earlier report must have in common with a new one to be compared with it. */
export type ReportSubject = Pick<CostReport, "environment" | "region" | "label">;

/** Keeps cost reports as `costs-ENV-DATE.json`, and finds the newest that a new one can be compared with. */
export class ReportFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns the file */
  keep(report: CostReport): string {
    mkdirSync(this.#folder, { recursive: true });
    const file = join(this.#folder, `costs-${report.environment}-${report.generatedAt.replace(/[:.]/g, "-")}.json`);
    writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
    return file;
  }

  /** The newest report of the same environment, Region and kind of AWS. Files that are no report of this version are passed by. */
  latest({ environment, region, label }: ReportSubject): KeptReport | undefined {
    let names: string[];
    try {
      names = readdirSync(this.#folder).filter((name) => /^costs-.*\.json$/.test(name));
    } catch {
      return undefined;
    }
    return names
      .flatMap((name) => {
        const file = join(this.#folder, name);
        const report = parse(file);
        return report instanceof Error ? [] : [{ report, file }];
      })
      .filter(({ report }) => report.environment === environment && report.region === region && report.label === label)
      .sort((left, right) => Date.parse(right.report.generatedAt) - Date.parse(left.report.generatedAt))[0];
  }
}

/**
 * Reads a report that a person named.
 *
 * @throws UserError when there is none, or it is not of the environment
 */
export function readReport(file: string, environment: string): KeptReport {
  const report = parse(file);
  if (report instanceof Error) {
    throw new UserError(`--compare: ${file} is no cost report. ${report.message}`);
  }
  if (report.environment !== environment) {
    throw new UserError(`--compare: ${file} is a report of ${report.environment}, not of ${environment}.`);
  }
  return { report, file };
}

function parse(file: string): CostReport | Error {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
  const result = costReportSchema.safeParse(value, { reportInput: true });
  return result.success ? result.data : new Error(describeProblems(result.error).slice(0, 5).join("\n"));
}
