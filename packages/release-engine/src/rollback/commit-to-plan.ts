import type { SourceRevision } from "@slipway/contracts";
import { ReleaseError } from "../release-error.ts";

/**
 * The commit that the infrastructure of a release is planned from again.
 *
 * @returns why not, where there is none that has its files
 */
export function commitToPlan(
  { commit, dirty }: SourceRevision,
  { environment, to }: { readonly environment: string; readonly to: string },
): string | ReleaseError {
  if (commit === null || dirty) {
    return new ReleaseError({
      kind: "usage",
      what: `The infrastructure of ${environment} cannot go back to ${to}`,
      why:
        commit === null
          ? "it was made without a commit: nobody has its files any more"
          : `it was made from ${commit.slice(0, 12)} with changes that are not committed: nobody has them any more, and the commit alone is something else`,
      next: `choose a release that was made of a commit: slipway history ${environment}; or commit what should be there, and slipway deploy ${environment}`,
    });
  }
  return commit;
}
