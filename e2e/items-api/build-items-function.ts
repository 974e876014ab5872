import { cpSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { packageOf } from "../support/bundle-function.ts";
import { node22, repositoryRoot } from "../support/repository.ts";
import { mustRun } from "../support/run-program.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/**
 * Builds the items API's bundle as it is shipped, in a folder of its own: others may be building at the same time.
 *
 * @returns its deployment package
 */
export async function buildItemsFunction(): Promise<Uint8Array> {
  const folder = temporaryFolder("items-function");
  const app = join(repositoryRoot, "apps/api-handler");
  cpSync(join(app, "src"), join(folder.path, "src"), { recursive: true });
  symlinkSync(join(repositoryRoot, "node_modules"), join(folder.path, "node_modules"));
  await mustRun(node22, [join(app, "build.ts"), folder.path]);
  const code = packageOf({ "index.cjs": readFileSync(join(folder.path, "dist/index.cjs")) });
  folder.remove();
  return code;
}
