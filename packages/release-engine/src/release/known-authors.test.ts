import type { LedgerEntry, PlanSummary } from "@slipway/contracts";
import { expect, it } from "vitest";
import { countApprovals } from "../infrastructure/count-approvals.ts";
import { ReleaseError } from "../release-error.ts";
import { knownAuthors } from "./known-authors.ts";

const JANE = "Jane Doe <jane@example.com>";
const JOE = "Joe Bloggs <joe@example.com>";
const KIM = "Kim Lee <kim@example.com>";
const GITHUB = "GitHub <noreply@github.com>";
const COMMIT = "a".repeat(40);
const plan = { source: { commit: COMMIT, tree: "b".repeat(40), dirty: false } };

const sourceOf = (...people: string[]) => ({
  contributors: async () => people,
  user: async (): Promise<string | undefined> => "Me <me@example.com>",
});

it("names authors, committers and co-authors, each once, and not GitHub's committer", async () => {
  const source = sourceOf(JANE, JOE, GITHUB, KIM, JANE);
  expect(await knownAuthors(source, plan.source, undefined)).toEqual({ authors: [JANE, JOE, KIM] });
});

it("names who has changed what is not committed, and says where git does not know them", async () => {
  const dirty = { source: { ...plan.source, dirty: true } };
  expect(await knownAuthors(sourceOf(JANE), dirty.source, undefined)).toEqual({
    authors: [JANE, "Me <me@example.com>"],
  });
  expect(await knownAuthors({ ...sourceOf(JANE), user: async () => undefined }, dirty.source, undefined)).toEqual({
    ...{ authors: [JANE], authorsUnknown: expect.stringContaining("git has no user.name") },
  });
});

it("says that nobody knows the authors where no commit does, and hides no other failure", async () => {
  const nowhere = { source: { commit: null, tree: null, dirty: false } };
  expect(await knownAuthors(sourceOf(), nowhere.source, undefined)).toMatchObject({
    ...{ authors: [], authorsUnknown: "there is no commit that could say so" },
  });
  const failing = (kind: "not-found" | "failed") => ({
    ...sourceOf(),
    contributors: () =>
      Promise.reject(new ReleaseError({ kind, what: "No commits", why: "shallow", next: "git fetch" })),
  });
  expect(await knownAuthors(failing("not-found"), plan.source, "c".repeat(40))).toEqual({
    ...{ authors: [], authorsUnknown: "No commits: shallow; git fetch" },
  });
  await expect(knownAuthors(failing("failed"), plan.source, "c".repeat(40))).rejects.toMatchObject({ kind: "failed" });
});

it("lets nobody approve where it does not know everybody who wrote it", async () => {
  const { count } = await counted({ authors: [], authorsUnknown: "shallow" });
  expect(count.counted).toEqual([]);
  expect(count.ignored[0]?.why).toContain("nobody knows who wrote all of what is released (shallow); slipway rollback");
});

it("lets nobody of them approve: what the ledger has of them is what the count goes by", async () => {
  const { count } = await counted(await knownAuthors(sourceOf(JANE, JOE, KIM), plan.source, undefined));
  expect(count.counted).toEqual([{ name: "Ann Other <ann@example.com>" }]);
  expect(count.ignored).toHaveLength(3);
});

async function counted(known: Awaited<ReturnType<typeof knownAuthors>>) {
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
    { release: "r1", by: { name: "CI" }, body: { type: "release.started", ...known } },
    ...people.map((name) => ({ release: "r1", by: { name }, body: approval })),
  ] as unknown as LedgerEntry[];
  const count = await countApprovals(entries, { summary, approvals: { infrastructure: 1 } });
  return { count };
}
