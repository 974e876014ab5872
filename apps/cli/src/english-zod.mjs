// No TypeScript, as cache-stripped-types.mjs.

import { registerHooks } from "node:module";

const LOCALES = /^file:.*\/node_modules\/zod\/v4\/locales\/index\.js$/;

/**
 * Leaves out zod's messages in other languages than English, which ours are in: whoever imports zod loads fifty languages, a module each, and
 * that is a third of the time that it takes. Where zod has them elsewhere one day, they are loaded as before.
 */
export function loadEnglishZod() {
  registerHooks({
    load(url, context, nextLoad) {
      return LOCALES.test(url)
        ? { format: "module", source: 'export { default as en } from "./en.js";', shortCircuit: true }
        : nextLoad(url, context);
    },
  });
}
