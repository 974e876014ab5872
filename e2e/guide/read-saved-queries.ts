import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../support/repository.ts";

/** A query of Logs Insights as infrastructure/modules/monitoring saves it. */
export interface SavedQuery {
  /** Whose log it is for. */
  readonly log: "function" | "access";
  readonly text: string;
}

/**
 * Reads the corrected queries, by their names.
 *
 * @throws Error when queries.tf is not written as this reads it
 */
export function readSavedQueries(): ReadonlyMap<string, SavedQuery> {
  const file = join(repositoryRoot, "infrastructure/modules/monitoring/queries.tf");
  const source = readFileSync(file, "utf8");
  const entries = source.matchAll(
    /"(?<name>[^"]+)" = \{\s+groups = \[var\.(?<log>function|access)_log_group_name\]\s+text\s+= <<-EOT\n(?<text>[\s\S]*?)\n\s+EOT\n/g,
  );
  const queries = new Map(
    [...entries].map(({ groups: { name = "", log, text = "" } = {} }) => {
      const lines = text.split("\n").map((line) => line.trim());
      return [name, { log: log === "access" ? "access" : "function", text: lines.join("\n") } as const];
    }),
  );
  if (queries.size !== (source.match(/<<-EOT/g) ?? []).length) {
    throw new Error(`${file}: not every query was read`);
  }
  return queries;
}
