import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The folder of the clone that is tested. */
export const repositoryRoot = resolve(import.meta.dirname, "../..");

/** The Node that set-up installed: the Lambda runtime's. */
export const node22 = join(repositoryRoot, "node_modules/.bin/node");

/** The command line's program, to be run on {@link node22}. */
export const slipwayProgram = join(repositoryRoot, "apps/cli/bin/start.mjs");

/** What set-up found on this machine, as `.slipway/setup.json` has it. */
export interface SetupRecord {
  readonly terraform: { readonly path: string };
  readonly provider: { readonly source: "mirror"; readonly dir: string } | { readonly source: "registry" };
}

/**
 * Reads what set-up found; `npm test` runs set-up first.
 *
 * @throws Error when set-up has not run here
 */
export function readSetupRecord(): SetupRecord {
  const file = join(repositoryRoot, ".slipway/setup.json");
  try {
    return JSON.parse(readFileSync(file, "utf8")) as SetupRecord;
  } catch (cause) {
    throw new Error(`${file} cannot be read: these tests need Terraform and its AWS provider. Type: npm run setup`, {
      cause,
    });
  }
}
