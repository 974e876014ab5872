import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An empty folder for a repository that is not this one. */
export function temporaryRepository(): { readonly path: string; remove(): void } {
  // Its real path: a working copy is found again by it.
  const path = realpathSync(mkdtempSync(join(tmpdir(), "slipway-repository-")));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
