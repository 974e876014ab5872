import type { Artifact } from "../package-function.ts";

/** The key of an artifact: its digest, so that the same code is uploaded once and a key never changes its content. */
export function artifactKey(functionName: string, { sha256 }: Pick<Artifact, "sha256">): string {
  return `functions/${functionName}/${sha256}.zip`;
}
