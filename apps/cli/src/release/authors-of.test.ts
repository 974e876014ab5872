import type { LedgerEntry, PlanSummary } from "@slipway/contracts";
import { countApprovals, ReleaseError, type SourceCommit } from "@slipway/release-engine";
import { expect, it } from "vitest";
import { authorsOf } from "./authors-of.ts";

const JANE = "Jane Doe <jane@example.com>";
const JOE = "Joe Bloggs <joe@example.com>";
const KIM = "Kim Lee <kim@example.com>";
const GITHUB = "GitHub <noreply@github.com>";
const COMMIT = "a".repeat(40);
const plan = { source: { commit: COMMIT, tree: "b".repeat(40), dirty: false } };

function commit(author: string, committer: string, ...coAuthors: string[]): SourceCommit {
  const trailers: Record<string, string[]> = coAuthors.length === 0 ? {} : { "co-authored-by": coAuthors };
  return { hash: COMMIT, subject: "change", signature: "N", author, committer, trailers };
}

const sourceOf = (...commits: SourceCommit[]) => ({
  commits: async () => commits,
  user: async () => "Me <me@example.com>",
});

it("names authors, committers and co-authors, each once, and not GitHub's committer", async () => {
  const source = sourceOf(commit(JANE, JOE), commit(JANE, GITHUB, KIM), commit(KIM, KIM));
  expect(await authorsOf(source, plan, undefined)).toEqual([JANE, JOE, KIM]);
});

it("names who has changed what is not committed", async () => {
  const dirty = { source: { ...plan.source, dirty: true } };
  expect(await authorsOf(sourceOf(commit(JANE, JANE)), dirty, undefined)).toEqual([JANE, "Me <me@example.com>"]);
  expect(await authorsOf(sourceOf(), { source: { commit: null, tree: null, dirty: false } }, undefined)).toEqual([]);
});

it("takes all commits where what runs is of another branch, and hides no other failure", async () => {
  const current = { plan: { source: { commit: "c".repeat(40) } } } as Parameters<typeof authorsOf>[2];
  const failing = (kind: "not-found" | "failed") => ({
    ...sourceOf(),
    commits: async (since: string | undefined) => {
      if (since !== undefined) {
        throw new ReleaseError({ kind, what: "no", why: "no", next: "no" });
      }
      return [commit(JANE, JOE)];
    },
  });
  expect(await authorsOf(failing("not-found"), plan, current)).toEqual([JANE, JOE]);
  await expect(authorsOf(failing("failed"), plan, current)).rejects.toMatchObject({ kind: "failed" });
});

it("lets nobody of them approve: what the ledger has of them is what the count goes by", async () => {
  const authors = await authorsOf(sourceOf(commit(JANE, JOE, KIM)), plan, undefined);
  const summary = {
    ...{ release: "r1", environment: "prod", planDigest: "d".repeat(64), changed: true, findings: [] },
    ...{ source: plan.source, stateSerial: 1 },
  } as unknown as PlanSummary;
  const approval = {
    type: "approval.given",
    planDigest: summary.planDigest,
    commit: COMMIT,
    stateSerial: 1,
    accepts: [],
  };
  const people = [JANE, JOE, "Kim <KIM@example.com>", "Ann Other <ann@example.com>"];
  const entries = [
    { release: "r1", by: { name: "CI" }, body: { type: "release.started", authors } },
    ...people.map((name) => ({ release: "r1", by: { name }, body: approval })),
  ] as unknown as LedgerEntry[];
  const count = await countApprovals(entries, { summary, approvals: { infrastructure: 1 } });
  expect(count.counted).toEqual([{ name: "Ann Other <ann@example.com>" }]);
  expect(count.ignored).toHaveLength(3);
});
