// No TypeScript: what strips types would have to be loaded for this one file, and costs as much as starting Node does.

import { hash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { importDirectly, originsOf } from "./direct-imports.mjs";

/** Another Node may strip otherwise, and another layout of the cache's files must not be read as this one. */
const FORMAT = `${process.version}-1`;

/**
 * Keeps what Node makes of TypeScript files, for every module that is imported from now on: Node 22 strips types anew at each
 * start, which is half of what starting local AWS costs. One file for each module, replaced when its source changes, so the
 * folder does not grow with each change. What is imported under a query (migrations, by their digest) has another URL after each change,
 * and is left to Node: its files would never be replaced. A folder that cannot be written costs nothing but the time.
 *
 * What is kept is not how it imports from our own packages: that depends on their indexes, and is found at each start.
 *
 * It also says itself where modules of ours lead that import each other: Node looks for the file, for its real path and for the package that it
 * is in, and for a thousand modules that is a tenth of the time that a command takes. Ours are no symbolic links; what else is imported, such
 * as the configuration of whoever uses this, may be, and is left to Node.
 *
 * @param {string} folder - where to keep it; made where missing
 * @param {string} ownRoot - the folder of this program, by its real path
 * @see https://nodejs.org/docs/latest-v22.x/api/module.html#moduleregisterhooksoptions
 */
export function cacheStrippedTypes(folder, ownRoot) {
  const cache = join(folder, FORMAT);
  const ownFolder = `${pathToFileURL(ownRoot).href}/`;
  const originsIn = ownPackages(ownFolder);
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const url = ownModule(ownFolder, specifier, context.parentURL);
      return url === undefined ? nextResolve(specifier, context) : { url, format: "module", shortCircuit: true };
    },
    load(url, context, nextLoad) {
      if (!url.startsWith("file:") || !url.endsWith(".ts") || url.includes("/node_modules/")) {
        return nextLoad(url, context);
      }
      const code = stripped(cache, url, readFileSync(fileURLToPath(url), "utf8"));
      const source = url.startsWith(ownFolder) ? importDirectly(code, originsIn) : code;
      return { format: "module", source, shortCircuit: true };
    },
  });
}

/**
 * What our packages hand out, each read once.
 *
 * @param {string} ownFolder
 * @returns {(specifier: string) => ReturnType<typeof originsOf> | undefined} undefined for a package that is not among ours
 */
function ownPackages(ownFolder) {
  /** @type {Map<string, ReturnType<typeof originsOf> | undefined>} */
  const known = new Map();
  return (specifier) => {
    if (!known.has(specifier)) {
      known.set(specifier, readIndex(specifier, ownFolder));
    }
    return known.get(specifier);
  };
}

/**
 * @param {string} specifier
 * @param {string} ownFolder
 */
function readIndex(specifier, ownFolder) {
  try {
    const url = import.meta.resolve(specifier);
    return url.startsWith(ownFolder) && !url.includes("/node_modules/") ? originsOf(url) : undefined;
  } catch {
    // Node says of the import itself what is wrong with it.
    return undefined;
  }
}

/**
 * Where `import "./other.ts"` in a file of ours leads, without a look at the disk.
 *
 * @param {string} ownFolder
 * @param {string} specifier
 * @param {string | undefined} parentUrl
 * @returns {string | undefined} undefined for what is left to Node
 */
function ownModule(ownFolder, specifier, parentUrl) {
  const isOwn = parentUrl?.startsWith(ownFolder) && !parentUrl.includes("/node_modules/");
  return isOwn && /^\.\.?\/.*\.ts$/.test(specifier) ? new URL(specifier, parentUrl).href : undefined;
}

/**
 * @param {string} cache
 * @param {string} url
 * @param {string} source
 */
function stripped(cache, url, source) {
  const file = join(cache, `${hash("sha256", url)}.js`);
  // The first line says which source the rest was made of; a comment, so that nothing has to be cut off but itself.
  const mark = `//${hash("sha256", source)}\n`;
  try {
    const kept = readFileSync(file, "utf8");
    if (kept.startsWith(mark)) {
      return kept.slice(mark.length);
    }
  } catch {
    // Not there yet.
  }
  const code = stripTypeScriptTypes(source);
  keep(cache, file, mark + code);
  return code;
}

/**
 * As a whole or not at all: several processes may start at once.
 *
 * @param {string} cache
 * @param {string} file
 * @param {string} text
 */
function keep(cache, file, text) {
  const temporary = `${file}.${process.pid}`;
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(temporary, text);
    renameSync(temporary, file);
  } catch {
    // A folder that cannot be written, or a full disk: the next start strips again.
  }
}
