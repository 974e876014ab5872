import { ReleaseError } from "../release-error.ts";
import type { Journal } from "./journal.ts";
import { unfinishedRelease } from "./standing-releases.ts";

/**
 * A release is not touched while another one is unfinished: that one has noted which versions it goes back to.
 *
 * @throws {ReleaseError} `busy`
 */
export function assertAlone(journal: Journal): void {
  const { environment, release } = journal.plan;
  const other = unfinishedRelease(journal.all());
  if (other !== undefined && other.id !== release) {
    throw new ReleaseError({
      kind: "busy",
      what: `${release} of ${environment} stays as it is while ${other.id} is not finished`,
      why: `${other.id} is ${other.state}`,
      next: `${journal.command("resume")} goes on with ${other.id}, ${journal.command("rollback")} puts it back`,
    });
  }
}
