import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { rehearsalFolder } from "../rehearsal/rehearsal-folder.ts";
import type { TargetAws } from "../target/target-aws.ts";

/**
 * Takes away the plan files that releases of an environment have left: they hold secrets in clear text, and a release that has ended,
 * however it did, applies none of them. For who has the lease: nobody else's is among them.
 */
export async function removePlans(
  target: Pick<TargetAws, "isLocal" | "localDataDir">,
  repository: string,
  environment: string,
): Promise<void> {
  const folder = target.isLocal
    ? join(rehearsalFolder(target.localDataDir ?? ""), "plans")
    : join(repository, ".slipway", "plans");
  const isOfEnvironment = new RegExp(`^${environment}-r\\d+\\.tfplan$`);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") {
      return [];
    }
    throw error;
  });
  for (const name of names.filter((each) => isOfEnvironment.test(each))) {
    await rm(join(folder, name), { force: true });
  }
}
