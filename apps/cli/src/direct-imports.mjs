// No TypeScript, as cache-stripped-types.mjs.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A name that a package hands out: the module that has it, and what it is called there. */
/** @typedef {{ readonly module: string, readonly name: string }} Origin */

/** One thing at the beginning of a module: space, a comment, an import, or something that is handed on. */
const HEADER =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|import\s*\{([^}]*)\}\s*from\s*"(@slipway\/[^"]+)"\s*;|(?:import\b(?:[^"'`;(]*\bfrom)?|export\s*(?:\*[^"'`;(]*|\{[^}]*\}\s*)from)\s*"[^"]*"(?:\s*with\s*\{[^}]*\})?\s*;/y;
const RE_EXPORT = /export\s*\{([^}]*)\}\s*from\s*"(\.[^"]+)"\s*;/g;

/**
 * Lets a module import what it names of our packages from the modules that have it, past the packages' indexes: an index imports everything
 * that its package has, and a command needs a tenth of that. Our indexes do nothing but hand on, so nothing is missed. Lines stay where they
 * are. What is not found is left to Node, which says so.
 *
 * @param {string} code - of a module, without types
 * @param {(specifier: string) => ReadonlyMap<string, Origin> | undefined} originsIn - what a package hands out, by its names
 * @returns {string}
 */
export function importDirectly(code, originsIn) {
  let result = "";
  let at = 0;
  for (HEADER.lastIndex = 0; ; HEADER.lastIndex = at) {
    const found = HEADER.exec(code);
    if (found === null || found[0] === "") {
      return result + code.slice(at);
    }
    const [text, names, specifier] = found;
    at += text.length;
    result += (names !== undefined && specifier && directly(text, names, originsIn(specifier))) || text;
  }
}

/**
 * @param {string} text
 * @param {string} names
 * @param {ReadonlyMap<string, Origin> | undefined} origins
 * @returns {string | undefined} undefined where a name is not known
 */
function directly(text, names, origins) {
  /** @type {Map<string, string[]>} */
  const byModule = new Map();
  for (const [name, as] of membersOf(names)) {
    const origin = origins?.get(name);
    if (origin === undefined) {
      return undefined;
    }
    const members = byModule.get(origin.module) ?? [];
    byModule.set(origin.module, members);
    members.push(origin.name === as ? as : `${origin.name} as ${as}`);
  }
  const imports = [...byModule].map(
    ([module, members]) => `import { ${members.join(", ")} } from ${JSON.stringify(module)};`,
  );
  return imports.length === 0 ? undefined : imports.join(" ") + "\n".repeat(text.split("\n").length - 1);
}

/**
 * What an index hands on, by its names.
 *
 * @param {string} url - of the index
 * @returns {ReadonlyMap<string, Origin>}
 */
export function originsOf(url) {
  /** @type {Map<string, Origin>} */
  const origins = new Map();
  for (const [, names = "", from = ""] of readFileSync(fileURLToPath(url), "utf8").matchAll(RE_EXPORT)) {
    for (const [name, as] of membersOf(names)) {
      origins.set(as, { module: new URL(from, url).href, name });
    }
  }
  return origins;
}

/**
 * @param {string} names - `a, b as c, type D`
 * @returns {(readonly [name: string, as: string])[]} without types
 */
function membersOf(names) {
  return names.split(",").flatMap((member) => {
    const [name = "", as = name] = member.trim().split(/\s+as\s+/);
    return name === "" || name.startsWith("type ") ? [] : [/** @type {const} */ ([name, as])];
  });
}
