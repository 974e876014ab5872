import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseMigration } from "@slipway/contracts";
import { ReleaseError } from "../release-error.ts";
import type { LoadedMigration } from "./plan-migrations.ts";

/** Imports of other files: their changes would not be in the digest. */
const RELATIVE_IMPORT = /\b(?:from|import|require)\s*\(?\s*["'](\.{1,2}\/[^"']*)["']/;

/**
 * Loads and checks the migrations in a folder: every TypeScript file in it but tests.
 *
 * A migration has to stand alone in its file, because the file's digest says whether it is still the one that was run. Line ends do not
 * count: a checkout may change them.
 *
 * @param folder absolute path
 * @returns in no particular order
 * @throws {ReleaseError} when the folder or a file cannot be read, or a migration is not valid; the message names each problem
 */
export async function loadMigrations(folder: string): Promise<readonly LoadedMigration[]> {
  let files: readonly string[];
  try {
    files = readdirSync(folder).filter((file) => /\.ts$/.test(file) && !/\.(test|d)\.ts$/.test(file));
  } catch (cause) {
    throw invalid(folder, [(cause as NodeJS.ErrnoException).message], "there is no such folder of migrations", cause);
  }
  return Promise.all(files.map((file) => loadMigration(join(folder, file))));
}

async function loadMigration(path: string): Promise<LoadedMigration> {
  const text = readFileSync(path, "utf8").replaceAll("\r\n", "\n");
  const [, imported] = RELATIVE_IMPORT.exec(text) ?? [];
  if (imported !== undefined) {
    throw invalid(path, [
      `it imports ${imported}: a migration has to stand alone in its file, or a change of that other file would change what is done already`,
    ]);
  }
  const digest = createHash("sha256").update(text).digest("hex");
  let exported: { migration?: unknown };
  try {
    // With the digest, because Node.js does not read a file again that it has read once: what is run has to be what was digested.
    exported = await import(`${pathToFileURL(path).href}?sha256=${digest}`);
  } catch (cause) {
    throw invalid(path, [cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)], undefined, cause);
  }
  if (exported.migration === undefined) {
    throw invalid(path, [
      "the file does not export migration (expected export const migration = defineMigration({ ... }))",
    ]);
  }
  const result = parseMigration(exported.migration);
  if (!result.ok) {
    throw invalid(path, result.problems);
  }
  const { migration } = result;
  if (migration.id !== basename(path, ".ts")) {
    throw invalid(path, [`id: is ${migration.id}, and the file is called ${basename(path)}; expected the same`]);
  }
  return { migration, digest };
}

function invalid(path: string, problems: readonly string[], what = "is not valid", cause?: unknown): ReleaseError {
  const failure = {
    kind: "usage",
    what: what === "is not valid" ? `The migration ${path} is not valid` : `${path}: ${what}`,
    why: problems.join("\n"),
    next: "correct it, then type the same command again",
  } as const;
  return new ReleaseError(failure, cause === undefined ? {} : { cause });
}
