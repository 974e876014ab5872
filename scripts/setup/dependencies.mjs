/** @import { Finding } from "./finding.mjs" */
/** @import { Progress } from "./progress.mjs" */
/** @import { ToolResult } from "./run-tool.mjs" */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { findOnPath } from "./find-on-path.mjs";
import { found, missing } from "./finding.mjs";
import { runTool } from "./run-tool.mjs";
import { SetupError } from "./setup-error.mjs";

/** Executables that the root scripts start: where one is gone, the installation is not whole, whatever the stamp says. */
const neededExecutables = ["node", "vitest", "tsc", "biome"];

/**
 * Whether node_modules holds what package-lock.json asks for.
 *
 * The quick answer is a stamp inside node_modules (so that it disappears with it). Without a fitting stamp, npm's own
 * record of what it installed is compared with the lock file: what a developer installed by hand counts as well.
 *
 * @param {string} root the repository's folder
 * @returns {Finding<{ packages: number, stamped: boolean }>} `packages` is 0 where the stamp already settled it
 */
export function findDependencies(root) {
  const next = "npm start (it runs npm ci)";
  const lockFile = join(root, "package-lock.json");
  if (!existsSync(lockFile)) {
    return missing({
      what: "package-lock.json is missing",
      why: `${root} does not hold the whole repository`,
      next: "git checkout -- package-lock.json",
    });
  }
  const absent = neededExecutables.find((name) => !existsSync(join(root, "node_modules/.bin", name)));
  if (absent !== undefined) {
    return missing({
      what: "The dependencies are not installed",
      why: `node_modules/.bin/${absent} does not exist`,
      next,
    });
  }
  if (readText(stampFile(root)) === stampOf(root)) {
    return found({ packages: 0, stamped: true });
  }
  const difference = compareWithLock(readText(join(root, "node_modules/.package-lock.json")), readText(lockFile) ?? "");
  return difference.difference === undefined
    ? found({ packages: difference.packages, stamped: false })
    : missing({
        what: "The dependencies do not match package-lock.json",
        why: difference.difference,
        next,
      });
}

/**
 * Installs exactly what package-lock.json says, and leaves the stamp.
 *
 * @param {{ root: string, env: NodeJS.ProcessEnv, progress: Progress }} context
 * @returns {Promise<void>}
 * @throws {SetupError} when npm is missing or fails
 */
export async function installDependencies({ root, env, progress }) {
  const npm = npmCommand(root, env);
  await progress.step("dependencies", "npm ci", async () => {
    const result = await runTool(
      npm.file,
      // Development dependencies are needed whatever NODE_ENV says, the package `node` needs its install script, and
      // errors must be heard even inside of `npm run --silent`, which hushes every npm below it.
      [
        "ci",
        "--include=dev",
        "--ignore-scripts=false",
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
        "--loglevel=error",
      ],
      { cwd: root, env: npm.env, supervised: true },
    );
    if (result.code !== 0) {
      throw npmError("npm ci", result);
    }
    const after = findDependencies(root);
    if (!after.ok) {
      throw new SetupError({ ...after.problem, next: "rm -rf node_modules && npm ci, and read what npm says" });
    }
  });
  stampDependencies(root);
}

/**
 * Remembers that node_modules is as package-lock.json wants it.
 *
 * @param {string} root
 */
export function stampDependencies(root) {
  writeFileSync(stampFile(root), stampOf(root));
}

/**
 * The npm of the system, run by the system's Node: the Node inside node_modules disappears while npm ci works.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ file: string, env: NodeJS.ProcessEnv }}
 * @throws {SetupError} when there is no npm
 */
export function npmCommand(root, env) {
  const installed = join(root, "node_modules");
  const file = findOnPath("npm", env, { except: installed });
  if (file === undefined) {
    throw new SetupError({
      what: "npm is not on the PATH",
      why: "npm installs the dependencies; some distributions package it apart from Node.js",
      next: "install npm (Debian: apt-get install npm; otherwise it comes with https://nodejs.org), then npm start",
    });
  }
  const path = (env.PATH ?? "").split(delimiter).filter((folder) => !folder.startsWith(installed));
  const hasNode = findOnPath("node", { PATH: path.join(delimiter) }) !== undefined;
  return { file, env: { ...env, PATH: (hasNode ? path : [...path, dirname(process.execPath)]).join(delimiter) } };
}

/**
 * What npm's failure means, in one message.
 *
 * @param {string} command for example `npm ci`
 * @param {ToolResult} result
 * @returns {SetupError}
 */
export function npmError(command, result) {
  const lines = `${result.stderr}\n${result.stdout}`.split("\n").filter((line) => /^npm (error|ERR!)/.test(line));
  const code = /^npm (?:error|ERR!) code (\S+)/m.exec(lines.join("\n"))?.[1] ?? "";
  const said = lines
    .map((line) => line.replace(/^npm (error|ERR!) ?/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("code ") && !line.startsWith("A complete log"))
    .slice(0, 4)
    .join(" ");
  const log = /A complete log of this run can be found in: (\S+)/.exec(lines.join("\n"))?.[1];
  const why = said || result.error?.message || `it ended with ${result.signal ?? `exit code ${result.code}`}`;
  return new SetupError({
    what: `${command} failed${code === "" ? "" : ` (${code})`}`,
    why,
    next: `${npmAdvice(code)}${log === undefined ? "" : `; npm's log: ${log}`}`,
  });
}

/** @param {string} code npm's error code */
function npmAdvice(code) {
  if (["ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN", "ERR_SOCKET_TIMEOUT"].includes(code)) {
    return "check the network or the proxy (npm config get registry), then npm start";
  }
  if (code === "EUSAGE") {
    return "package.json was changed without its lock file: npm install, then npm start";
  }
  if (code === "EACCES" || code === "EPERM") {
    return "make node_modules and npm's cache (npm config get cache) writable for you, then npm start";
  }
  if (code === "ENOSPC") {
    return "free some disk space, then npm start";
  }
  return "npm ci, and read what it says";
}

/**
 * @param {string | undefined} installedText npm's hidden lock file, node_modules/.package-lock.json
 * @param {string} wantedText package-lock.json
 * @returns {{ packages: number, difference: string | undefined }}
 */
function compareWithLock(installedText, wantedText) {
  if (installedText === undefined) {
    return { packages: 0, difference: "npm left no record of a finished installation" };
  }
  /** @typedef {{ version?: string, integrity?: string, resolved?: string, link?: boolean, optional?: boolean }} Entry */
  /** @type {Record<string, Entry>} */
  let installed;
  /** @type {Record<string, Entry>} */
  let wanted;
  try {
    installed = JSON.parse(installedText).packages;
    wanted = JSON.parse(wantedText).packages;
  } catch (error) {
    return { packages: 0, difference: `a lock file is not valid JSON: ${String(error)}` };
  }
  for (const [path, want] of Object.entries(wanted)) {
    // Only what is below node_modules is installed; the rest are the workspaces themselves.
    if (!path.includes("node_modules/")) {
      continue;
    }
    const have = installed[path];
    if (have === undefined && want.optional === true) {
      continue; // made for another platform
    }
    if (have?.version !== want.version || have?.integrity !== want.integrity || have?.link !== want.link) {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      return {
        packages: 0,
        difference: `${name} is ${have?.version ?? "not there"}, wanted is ${want.version ?? "a link"}`,
      };
    }
  }
  return { packages: Object.keys(installed).length, difference: undefined };
}

/** @param {string} root */
function stampOf(root) {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  return `${JSON.stringify({ lock, platform: process.platform, arch: process.arch })}\n`;
}

/** @param {string} root */
function stampFile(root) {
  return join(root, "node_modules/.slipway-setup.json");
}

/** @param {string} path */
function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
