import { join, resolve } from "node:path";

/** The folder of the clone that is measured. */
export const repositoryRoot = resolve(import.meta.dirname, "../../..");

/** The command line's program. */
export const slipwayProgram = join(repositoryRoot, "apps/cli/bin/start.mjs");
