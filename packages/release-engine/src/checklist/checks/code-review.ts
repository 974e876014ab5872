import type { Actor } from "@slipway/contracts";
import { emailOf, isSamePerson } from "../../infrastructure/same-person.ts";
import type { CodeReviews } from "../../ports/code-reviews.ts";
import type { SourceCommit } from "../../ports/source-repository.ts";
import { ReleaseError } from "../../release-error.ts";
import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import type { ChecklistFacts } from "../checklist-facts.ts";
import { noInputs } from "./inputs.ts";

const MOST_SHOWN = 5;

/** Each commit that a release brings was read by so many people who wrote none of it. */
export const codeReview: ChecklistCheck = {
  name: "code-review",
  section: "Code Quality",
  title: ({ reviewers }) => `Code review approved by at least ${reviewers} team members`,
  pace: "quick",
  lifetimeMs: 0,
  notInRehearsal: "a rehearsal changes nothing that others use",
  inputs: noInputs,
  async judge(facts): Promise<ChecklistFinding[]> {
    const { reviewers, because: rules } = await facts.policy();
    const { commit, dirty } = await facts.revision();
    if (reviewers === 0) {
      return [{ status: "pass", found: `release.checklist.reviewers demands nobody's, by ${rules}` }];
    }
    if (commit === null) {
      return [{ status: "unknown", found: "there is no commit that could have been reviewed", next: "git commit" }];
    }
    if (dirty) {
      const found = "files differ from the commit: nobody can have reviewed them";
      return [{ status: "fail", found, next: "git status; commit, and have it reviewed" }];
    }
    const { commits, because } = await commitsToJudge(facts);
    if (commits.length === 0) {
      return [{ status: "pass", found: "no commit is new since the release that runs" }];
    }
    const judged =
      facts.ports.reviews === undefined
        ? await byTrailers(facts, commits)
        : await byHost(facts, facts.ports.reviews, commits);
    const short = judged.filter(({ count, refused }) => count < reviewers || refused !== undefined);
    const how = `by ${rules}: ${commits.length === 1 ? "1 commit" : `${commits.length} commits`}${because}, by ${judged[0]?.by}`;
    if (short.length === 0) {
      return [
        { status: "pass", found: `${how}: each approved by ${Math.min(...judged.map(({ count }) => count))} or more` },
      ];
    }
    const shown = short
      .slice(0, MOST_SHOWN)
      .map(
        ({ commit: each, count, refused }) =>
          `${each.hash.slice(0, 12)} ${each.subject}: ${refused ?? `${count} of ${reviewers}`}`,
      );
    const more = short.length > shown.length ? [`and ${short.length - shown.length} more`] : [];
    const next =
      facts.ports.reviews === undefined
        ? "have it read, and write Reviewed-by: NAME <ADDRESS> into the commit; or have a plan of it approved with a signature (release.approvals.signers, slipway approve --sign); on GitHub set GITHUB_TOKEN to have its reviews counted"
        : "have the pull requests approved in their last state";
    return [{ status: "fail", found: [how, ...shown, ...more].join("\n"), next }];
  },
};

/**
 * Of a first release the newest commit stands for all: there is nothing to say which of those before it are new.
 *
 * @throws {ReleaseError} `not-found` where nobody knows which commits are new
 */
export async function commitsToJudge(
  facts: ChecklistFacts,
): Promise<{ readonly commits: readonly SourceCommit[]; readonly because: string }> {
  const running = await facts.running();
  if (running?.commit === null) {
    throw new ReleaseError({
      kind: "not-found",
      what: `Nobody knows which commits are new since ${running.id}, which has the traffic`,
      why: "it was made without a commit",
      next: "somebody who wrote none of it reads all of it, and answers for that: --waive CHECK --reason WHY",
    });
  }
  const all = await facts.commits();
  return running === undefined
    ? { commits: all.slice(0, 1), because: " (the newest, for a first release)" }
    : { commits: all, because: ` since ${running.id}` };
}

interface Judged {
  readonly commit: SourceCommit;
  readonly count: number;
  readonly refused?: string;
  readonly by: string;
}

async function byHost(
  facts: ChecklistFacts,
  reviews: CodeReviews,
  commits: readonly SourceCommit[],
): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const commit of commits) {
    const changes = await reviews.reviewsOf(commit.hash, facts.signal);
    const best = changes.toSorted((left, right) => right.approvedBy.length - left.approvedBy.length)[0];
    const refused =
      best === undefined
        ? "pushed without a pull request"
        : best.refusedBy.length > 0
          ? `${best.refusedBy.join(", ")} asked for changes in ${best.name}`
          : undefined;
    judged.push({
      ...{ commit, count: best?.approvedBy.length ?? 0, by: "reviews on GitHub" },
      ...(refused === undefined ? {} : { refused }),
    });
  }
  return judged;
}

/**
 * `Reviewed-by` trailers, and signed approvals of exactly this commit, as on GitHub: who wrote or committed a commit does not count as a
 * reader of it, and may read those of colleagues.
 */
async function byTrailers(facts: ChecklistFacts, commits: readonly SourceCommit[]): Promise<Judged[]> {
  const approvers = await facts.approvers();
  return commits.map((commit) => {
    const { author, committer, trailers } = commit;
    const authors = [author, committer, ...(trailers["co-authored-by"] ?? [])].map((name) => ({ name }));
    // A name without an address may be anybody's.
    const readers = (commit.trailers["reviewed-by"] ?? [])
      .map((name) => ({ name }))
      .filter((each) => emailOf(each) !== undefined);
    const counting: Actor[] = [];
    for (const person of [...readers, ...approvers]) {
      if (![...authors, ...counting].some((other) => isSamePerson(person, other))) {
        counting.push(person);
      }
    }
    return { commit, count: counting.length, by: "Reviewed-by trailers and signed approvals in the ledger" };
  });
}
