import { resolve } from "node:path";

/** The folder of the clone that this command line belongs to: where set-up leaves `.slipway/` and node_modules is. */
export const repositoryRoot = resolve(import.meta.dirname, "../../../..");
