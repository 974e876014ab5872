import { readFileSync } from "node:fs";
import { type DocumentRecord, jsonSchema, parseTableDefinition, type TableDefinition } from "@slipway/contracts";
import { ReleaseError } from "../release-error.ts";
import { checkRecord } from "./check-record.ts";

const MOST_PROBLEMS = 20;

/**
 * Reads seed records, and holds every one against the table's definition.
 *
 * @param files absolute paths
 * @throws {ReleaseError} when a file cannot be read, or anything in it is wrong; the message names each problem with its place
 */
export function loadSeed(files: { readonly seed: string; readonly definition: string }): {
  readonly definition: TableDefinition;
  readonly records: readonly DocumentRecord[];
} {
  const parsed = parseTableDefinition(readJson(files.definition));
  if (!parsed.ok) {
    throw invalid(files.definition, parsed.problems);
  }
  const { definition } = parsed;
  const list = readJson(files.seed);
  if (!Array.isArray(list)) {
    throw invalid(files.seed, ["expected a list of records"]);
  }
  const keys = new Map<string, number>();
  const problems = list.flatMap((value: unknown, index): string[] => {
    const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
    if (!isRecord || !jsonSchema.safeParse(value).success) {
      return [`[${index}]: expected a record`];
    }
    const record = value as DocumentRecord;
    const names =
      definition.sortKey === undefined ? [definition.partitionKey] : [definition.partitionKey, definition.sortKey];
    const key = JSON.stringify(names.map((name) => record[name]));
    const twin = keys.get(key);
    keys.set(key, index);
    return [
      ...(twin === undefined ? [] : [`[${index}]: has the key of [${twin}], ${key}`]),
      ...checkRecord(definition, record).map((problem) => `[${index}].${problem}`),
    ];
  });
  if (problems.length > 0) {
    throw invalid(files.seed, problems);
  }
  return { definition, records: list as readonly DocumentRecord[] };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw invalid(path, [cause instanceof Error ? cause.message : String(cause)], cause);
  }
}

function invalid(path: string, problems: readonly string[], cause?: unknown): ReleaseError {
  const more = problems.length - MOST_PROBLEMS;
  const failure = {
    kind: "usage",
    what: `${path} is not valid`,
    why: [...problems.slice(0, MOST_PROBLEMS), ...(more > 0 ? [`and ${more} more`] : [])].join("\n"),
    next: "correct the file, then type the same command again",
  } as const;
  return new ReleaseError(failure, cause === undefined ? {} : { cause });
}
