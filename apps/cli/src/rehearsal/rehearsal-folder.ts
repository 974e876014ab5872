import { join } from "node:path";

/**
 * Where a rehearsal keeps its working copy of the infrastructure: inside of local AWS's state, so that a reset or a snapshot takes
 * Terraform's own memory along.
 */
export function rehearsalFolder(dataDir: string): string {
  return join(dataDir, "state", "rehearsal");
}
