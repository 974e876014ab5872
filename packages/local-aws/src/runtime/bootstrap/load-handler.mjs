// Finds the function that the `Handler` setting names: `folder/module.export` (nested exports with further dots).
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { RuntimeFault } from "./errors.mjs";

/**
 * @param {string} taskRoot folder of the unpacked code
 * @param {string} handler the function's `Handler`
 * @param {number} major Node.js major version
 */
export async function loadHandler(taskRoot, handler, major) {
  if (handler.includes("..")) {
    throw new RuntimeFault(
      "Runtime.MalformedHandlerName",
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const file = basename(handler);
  const dot = file.indexOf(".");
  if (dot < 1 || dot === file.length - 1) {
    throw new RuntimeFault("Runtime.MalformedHandlerName", "Bad handler");
  }
  const modulePath = resolve(taskRoot, handler.slice(0, handler.length - file.length), file.slice(0, dot));
  const exported = await load(modulePath, taskRoot);
  const path = file.slice(dot + 1).split(".");
  const found = path.reduce((value, name) => value?.[name], exported);
  if (found === undefined || found === null) {
    throw new RuntimeFault("Runtime.HandlerNotFound", `${handler} is undefined or not exported`);
  }
  if (typeof found !== "function") {
    throw new RuntimeFault("Runtime.HandlerNotFound", `${handler} is not a function`);
  }
  if (major >= 24 && found.length >= 3) {
    throw new RuntimeFault(
      "Runtime.CallbackHandlerDeprecated",
      "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.",
    );
  }
  return found;
}

async function load(modulePath, taskRoot) {
  const require = createRequire(join(taskRoot, "noop.js"));
  try {
    if (existsSync(`${modulePath}.js`)) {
      return isEsm(dirname(modulePath), taskRoot)
        ? await import(pathToFileURL(`${modulePath}.js`).href)
        : require(`${modulePath}.js`);
    }
    if (existsSync(`${modulePath}.mjs`)) {
      return await import(pathToFileURL(`${modulePath}.mjs`).href);
    }
    return require(existsSync(`${modulePath}.cjs`) ? `${modulePath}.cjs` : modulePath);
  } catch (error) {
    throw asInitFault(error);
  }
}

// A `.js` file is what the nearest package.json says, up to the root of the code.
function isEsm(folder, taskRoot) {
  for (let at = folder; at.startsWith(taskRoot); at = dirname(at)) {
    const manifest = join(at, "package.json");
    if (existsSync(manifest)) {
      try {
        return JSON.parse(readFileSync(manifest, "utf8")).type === "module";
      } catch {
        return false;
      }
    }
  }
  return false;
}

function asInitFault(error) {
  if (error instanceof SyntaxError) {
    return fault("Runtime.UserCodeSyntaxError", error);
  }
  if (error?.code === "MODULE_NOT_FOUND" || error?.code === "ERR_MODULE_NOT_FOUND" || error?.code === "ENOENT") {
    return fault("Runtime.ImportModuleError", error);
  }
  return error;
}

function fault(name, cause) {
  const made = new RuntimeFault(name, `${cause.name}: ${cause.message}`, { cause });
  made.stack = `${name}: ${cause.stack ?? made.message}`;
  return made;
}
