/** @import { Finding } from "./finding.mjs" */
/** @import { Progress } from "./progress.mjs" */
/** @import { KnownProgram } from "./setup-record.mjs" */
import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { npmCommand, npmError } from "./dependencies.mjs";
import { found, missing } from "./finding.mjs";
import { learnProgram } from "./known-program.mjs";
import { runTool } from "./run-tool.mjs";
import { runtimeNodeMajor } from "./versions.mjs";

/**
 * Looks for the Lambda runtime's Node, which the npm package `node` puts into node_modules.
 *
 * @param {{ root: string, known?: KnownProgram }} context
 * @returns {Promise<Finding<KnownProgram>>}
 */
export async function findRuntimeNode({ root, known }) {
  const link = join(root, "node_modules/.bin/node");
  const next = "npm rebuild node --ignore-scripts=false --foreground-scripts, and read what it says";
  if (!existsSync(link)) {
    return missing({
      what: `Node ${runtimeNodeMajor} is not in node_modules`,
      why: "the npm package `node` fetches it in its install script, which did not run (npm may have skipped it)",
      next,
    });
  }
  let failure = "";
  const program = await learnProgram(realpathSync(link), known, async (path) => {
    const result = await runTool(path, ["--version"], { timeoutMs: 20_000 });
    failure = result.error?.message ?? result.stderr.trim();
    return result.code === 0 ? result.stdout.trim().replace(/^v/, "") : "";
  });
  if (program.version === "") {
    return missing({ what: `Node ${runtimeNodeMajor} in node_modules does not run`, why: failure, next });
  }
  if (Number.parseInt(program.version, 10) !== runtimeNodeMajor) {
    return missing({
      what: `node_modules/.bin/node is Node ${program.version}, not Node ${runtimeNodeMajor}`,
      why: `the Lambda function runs on nodejs${runtimeNodeMajor}.x, and so must everything here`,
      next: `set "node" to a version ${runtimeNodeMajor} in package.json, then npm install`,
    });
  }
  return found(program);
}

/**
 * Lets npm run the install script of the package `node` again.
 *
 * @param {{ root: string, env: NodeJS.ProcessEnv, progress: Progress }} context
 * @returns {Promise<void>}
 * @throws {import("./setup-error.mjs").SetupError} when npm is missing or fails
 */
export async function rebuildRuntimeNode({ root, env, progress }) {
  const npm = npmCommand(root, env);
  await progress.step(`Node ${runtimeNodeMajor}`, "npm rebuild node", async () => {
    const args = ["rebuild", "node", "--ignore-scripts=false", "--loglevel=error"];
    const result = await runTool(npm.file, args, { cwd: root, env: npm.env, supervised: true });
    if (result.code !== 0) {
      throw npmError("npm rebuild node", result);
    }
  });
}
