import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/**
 * Finds an executable as the shell would, without starting a process.
 *
 * @param {string} name the command's name
 * @param {Readonly<Record<string, string | undefined>>} env
 * @param {{ except?: string }} [options] `except`: a folder whose own executables do not count
 * @returns {string | undefined} its absolute path
 */
export function findOnPath(name, env, options = {}) {
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    if (!isAbsolute(folder) || (options.except !== undefined && folder.startsWith(options.except))) {
      continue;
    }
    const candidate = join(folder, name);
    if (isExecutableFile(candidate)) {
      return candidate;
    }
  }
  return undefined;
}

/**
 * @param {string} path
 * @returns {boolean} whether this is a file that the current user may execute
 */
export function isExecutableFile(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
