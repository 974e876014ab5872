// No TypeScript, as cache-stripped-types.mjs.

import { createRequire, registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
/** Their CommonJS has a folder of its own. */
const SDK = /^file:.*\/node_modules\/@(?:aws-sdk|smithy)\/[^/]+\/dist-cjs\/.*\.js$/;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/**
 * Loads the packages of the AWS SDK, which are CommonJS, as `require` does, where they are imported: to import CommonJS, Node reads the
 * whole text first to find out what it exports, which for clients of this size takes longer than running it. Who has run it need not read it.
 *
 * What is imported is the same: the module's `exports` as the default, and each of its members by name.
 *
 * @see https://nodejs.org/docs/latest-v22.x/api/esm.html#commonjs-namespaces
 */
export function requireAwsSdk() {
  registerHooks({
    load(url, context, nextLoad) {
      if (context.conditions?.includes("require") || !SDK.test(url)) {
        return nextLoad(url, context);
      }
      return { format: "module", source: moduleOf(fileURLToPath(url)), shortCircuit: true };
    },
  });
}

/** @param {string} path */
function moduleOf(path) {
  const names = Object.keys(require(path)).filter((name) => name !== "default" && IDENTIFIER.test(name));
  return [
    'import { createRequire } from "node:module";',
    `const exports = createRequire(import.meta.url)(${JSON.stringify(path)});`,
    "export default exports;",
    ...names.map((name, index) => `const _${index} = exports.${name}; export { _${index} as ${name} };`),
  ].join("\n");
}
