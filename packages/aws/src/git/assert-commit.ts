import { ReleaseError } from "@slipway/release-engine";
import type { GitResult } from "./run-git.ts";

/**
 * Looks whether a commit is in the clone.
 *
 * @throws {ReleaseError} `not-found`, with the command that fetches it
 */
export async function assertCommit(
  run: (args: readonly string[]) => Promise<GitResult>,
  commit: string,
): Promise<void> {
  if ((await run(["rev-parse", "--verify", "--quiet", `${commit}^{commit}`])).code !== 0) {
    const isShallow = (await run(["rev-parse", "--is-shallow-repository"])).stdout.trim() === "true";
    throw new ReleaseError({
      kind: "not-found",
      what: `The commit ${commit} is not in this repository`,
      why: isShallow ? "the clone is shallow: it has only the newest commits" : "it was never fetched here",
      next: isShallow ? "git fetch --unshallow (in GitHub Actions: fetch-depth: 0)" : `git fetch origin ${commit}`,
    });
  }
}
