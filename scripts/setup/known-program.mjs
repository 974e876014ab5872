/** @import { KnownProgram } from "./setup-record.mjs" */
import { closeSync, openSync, readSync, statSync } from "node:fs";

/**
 * Learns a program's version, without starting it where it was asked before and the file has not changed since.
 *
 * @param {string} path
 * @param {KnownProgram | undefined} known what an earlier set-up learned
 * @param {(path: string) => Promise<string>} askVersion
 * @returns {Promise<KnownProgram>}
 */
export async function learnProgram(path, known, askVersion) {
  const { size, mtimeMs } = statSync(path);
  // A script (the shims of version managers) may give another version tomorrow although it is the same file.
  if (known?.path === path && known.size === size && known.mtimeMs === mtimeMs && !isScript(path)) {
    return known;
  }
  return { path, version: await askVersion(path), size, mtimeMs };
}

/** @param {string} path */
function isScript(path) {
  const file = openSync(path, "r");
  try {
    const start = Buffer.alloc(2);
    readSync(file, start, 0, 2, 0);
    return start.toString("latin1") === "#!";
  } finally {
    closeSync(file);
  }
}
