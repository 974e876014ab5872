import type { SourceRevision } from "@slipway/contracts";
import type { SourceRepository } from "../ports/source-repository.ts";
import { ReleaseError } from "../release-error.ts";
import type { StepContext } from "./step-handler.ts";

const MOST_SHOWN = 5;

/**
 * Looks whether what is checked out still is what the release was begun with: what was reviewed, tested and planned is what is applied and
 * uploaded. Outside of a git repository nobody can tell.
 *
 * @param before what is about to be done: `the plan is applied`
 * @param flags what commands to type next need after the environment's name
 * @throws {ReleaseError} `conflict`, naming the files that differ
 */
export async function assertSourceUnchanged(
  source: Pick<SourceRepository, "revision" | "changedFiles">,
  { plan, signal }: Pick<StepContext, "plan" | "signal">,
  before: string,
  flags: string,
): Promise<void> {
  const now = await source.revision(signal);
  const { environment, release, source: begun } = plan;
  if (now.commit === begun.commit && now.tree === begun.tree) {
    return;
  }
  const resume = `slipway resume ${environment}${flags}`;
  throw new ReleaseError({
    kind: "conflict",
    what: `Stopped before ${before}: the files are not those any more that ${release} was begun with`,
    why: `${await difference(source, begun, now, signal)}. What was checked is not what would go out`,
    next: `${wayBack(begun, now)}, then ${resume}; or slipway rollback ${environment}${flags}, and release anew`,
  });
}

async function difference(
  source: Pick<SourceRepository, "changedFiles">,
  begun: SourceRevision,
  now: SourceRevision,
  signal: AbortSignal,
): Promise<string> {
  if (begun.commit === null || now.commit !== begun.commit) {
    return `it was begun with ${words(begun)}, and ${words(now)} is checked out now`;
  }
  const files = await source.changedFiles(begun.commit, signal);
  const shown = files.slice(0, MOST_SHOWN).join(", ");
  const more = files.length > MOST_SHOWN ? ` and ${files.length - MOST_SHOWN} more` : "";
  const list = files.length === 0 ? "" : `: ${shown}${more}`;
  return begun.dirty
    ? `${words(begun)} is still checked out, and files have changed since; these differ from the commit now${list || ": none"}`
    : `${words(begun)} is still checked out, and files differ from it now${list}`;
}

/** Files that were not committed are nowhere but in the working copy: only who has changed them can take that back. */
function wayBack(begun: SourceRevision, now: SourceRevision): string {
  if (begun.commit !== null && now.commit !== begun.commit) {
    return `git checkout ${begun.commit}`;
  }
  return begun.dirty
    ? "take the changes back that were made since"
    : "git stash --include-untracked (what a build or Terraform has written belongs into .gitignore, or into a commit)";
}

function words({ commit, dirty }: SourceRevision): string {
  return commit === null
    ? "no commit"
    : `commit ${commit.slice(0, 12)}${dirty ? " with changes that are not committed" : ""}`;
}
