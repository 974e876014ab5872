import { readdirSync } from "node:fs";
import { join } from "node:path";

const FOLDER = ".github/workflows";

/** All workflows of the repository, from its root. */
export function listWorkflows(repository: string): readonly string[] {
  return readdirSync(join(repository, FOLDER))
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => `${FOLDER}/${name}`);
}
