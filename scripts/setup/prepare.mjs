/** @import { Ready } from "./run-setup.mjs" */
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Progress, wantsColour } from "./progress.mjs";
import { runSetup } from "./run-setup.mjs";
import { SetupError } from "./setup-error.mjs";

/** The repository's folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/**
 * Set-up as the entry scripts use it: everything it says goes to stderr, and what is missing is one message there.
 *
 * @param {{ withTerraform: boolean }} options
 * @returns {Promise<Ready | undefined>} undefined when something is missing: the message is out, exit with 1
 */
export async function prepare({ withTerraform }) {
  // Without these, a signal ends the process at once and no exit handler (locks, half-done downloads) runs.
  const stopped = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
  const handlers = Object.entries(stopped).map(([signal, code]) => {
    const stop = () => process.exit(code);
    process.on(signal, stop);
    return () => process.off(signal, stop);
  });
  const colour = wantsColour(process.stderr, process.env);
  try {
    const progress = new Progress({ write: (text) => process.stderr.write(text), colour });
    return await runSetup({ root, env: process.env, progress, withTerraform });
  } catch (error) {
    if (!(error instanceof SetupError)) {
      throw error;
    }
    const label = colour ? "\u001b[31mSet-up stopped:\u001b[0m" : "Set-up stopped:";
    process.stderr.write(`\n${label} ${error.message}\n`);
    return undefined;
  } finally {
    for (const remove of handlers) {
      remove();
    }
  }
}
