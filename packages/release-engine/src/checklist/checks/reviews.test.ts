import { describe, expect, test } from "vitest";
import type { ReviewedChange } from "../../ports/code-reviews.ts";
import { ReleaseError } from "../../release-error.ts";
import { runChecklist } from "../run-checklist.ts";
import { commit, FakeChecklist } from "../test/fake-checklist.ts";
import { codeReview } from "./code-review.ts";
import { planReviewed } from "./plan-reviewed.ts";
import { signedCommits } from "./signed-commits.ts";

const read = (...people: string[]) => ({ trailers: { "reviewed-by": people } });

describe("code review by trailers and approvals", () => {
  const look = async (...commits: ReturnType<typeof commit>[]) => {
    const world = new FakeChecklist();
    world.release("r1", "3");
    world.commits = commits;
    return world.look(codeReview);
  };

  test("two other people for each commit are enough", async () => {
    const both = commit(read("Bob <bob@example.com>", "Cy <cy@example.com>"));

    expect(await look(both, { ...both, hash: "b".repeat(40) })).toMatchObject({ status: "pass" });
  });

  test.each([
    ["nobody", read()],
    ["one", read("Bob <bob@example.com>")],
    ["one, twice", read("Bob <bob@example.com>", "Robert <BOB@example.com>", "B <bob+work@example.com>")],
    ["the author, under another name", read("Bob <bob@example.com>", "A. <Ada+git@Example.com>")],
    ["names without addresses", read("Bob <bob@example.com>", "Cy")],
    [
      "who wrote it with the author",
      {
        trailers: {
          "reviewed-by": ["Bob <bob@example.com>", "Cy <cy@example.com>"],
          "co-authored-by": ["Cy <cy@example.com>"],
        },
      },
    ],
  ])("%s is not enough", async (_who, changes) => {
    expect(await look(commit(changes))).toMatchObject({ status: "fail", found: expect.stringMatching(/: [01] of 2/) });
  });

  test("who wrote or committed a commit is no reader of it, and may be one of a colleague's", async () => {
    const [bob, cy] = ["Bob <bob@example.com>", "Cy <cy@example.com>"];
    const both = commit(read(bob, cy));

    expect(await look({ ...both, committer: bob })).toMatchObject({
      status: "fail",
      found: expect.stringContaining("1 of 2"),
    });
    const theirs = (of: Partial<ReturnType<typeof commit>>) => ({
      ...commit(read("Dan <dan@example.com>", cy)),
      ...of,
    });
    expect(await look(both, theirs({ author: bob }))).toMatchObject({ status: "pass" });
    for (const own of [{ author: cy }, { committer: cy }]) {
      expect(await look(both, theirs(own))).toMatchObject({
        status: "fail",
        found: expect.stringContaining("1 of 2"),
      });
    }
  });

  test("where not all commits are known, nobody knows whether others have read them", async () => {
    const world = new FakeChecklist();
    world.release("r1", "3");
    world.commits = [commit(read("Bob <bob@example.com>", "Cy <cy@example.com>"))];
    const missing = new ReleaseError({
      kind: "not-found",
      what: "No commits",
      why: "shallow",
      next: "git fetch --unshallow",
    });
    const commits = () => Promise.reject(missing);
    const ports = { ...world.ports, source: { ...world.ports.source, commits } };

    const [evidence] = await runChecklist(ports, world.options([codeReview]));

    expect(evidence).toMatchObject({ status: "unknown", next: "git fetch --unshallow" });
  });

  test("after a release without a commit nobody knows what is new", async () => {
    const world = new FakeChecklist();
    world.release("r1", "3", [], null);
    world.commits = [commit(read("Bob <bob@example.com>", "Cy <cy@example.com>"))];

    expect(await world.look(codeReview)).toMatchObject({
      ...{
        status: "unknown",
        found: expect.stringContaining("r1, which has the traffic: it was made without a commit"),
      },
    });
  });

  test("the rules of what runs say how many have to read it", async () => {
    const world = new FakeChecklist();
    world.release("r1", "3");
    world.commits = [commit(read("Bob <bob@example.com>"))];
    world.config.release.checklist.reviewers = 0;
    world.policy = { reviewers: 2 };
    expect(await world.look(codeReview)).toMatchObject({
      status: "fail",
      found: expect.stringContaining("by the rules of r1: "),
    });
    world.policy = { unknown: { what: "Not known", why: "never fetched", next: "git fetch origin 1" } };
    expect(await world.look(codeReview)).toMatchObject({ status: "unknown", next: "git fetch origin 1" });
  });

  test("one commit that nobody read is enough to fail", async () => {
    const good = commit(read("Bob <bob@example.com>", "Cy <cy@example.com>"));

    expect(await look(good, commit({ subject: "Sneak in" }))).toMatchObject({
      ...{ status: "fail", found: expect.stringContaining("Sneak in: 0 of 2") },
    });
  });

  describe("approvals of a plan of this commit", () => {
    const digest = "1".repeat(64);
    const arrange = (signers?: string) => {
      const world = new FakeChecklist();
      world.release("r1", "3");
      world.commits = [commit(read("Bob <bob@example.com>"))];
      world.policy = {
        approvals: { infrastructure: 2, ...(signers === undefined ? {} : { signers }) },
        signatures: { verify: async ({ signature }) => (signature === "good" ? undefined : "forged") },
      };
      world.write({ type: "plan.made", summary: planSummary(digest) });
      const approve = (by: string, signature?: string) => {
        const approval = { planDigest: digest, commit: "a".repeat(40), stateSerial: 1, accepts: [] };
        const body = { type: "approval.given" as const, ...approval };
        world.write({ ...body, ...(signature === undefined ? {} : { signature }) }, null, by);
      };
      return { world, approve };
    };

    test("count where they are signed; the author's, a second one and a forged one do not", async () => {
      const { world, approve } = arrange("signers");
      const status = async () => (await world.look(codeReview)).status;

      approve("Ada <ada@example.com>", "good");
      approve("Bob <bob@example.com>", "good");
      approve("Cy <cy@example.com>");
      approve("Cy <cy@example.com>", "bad");
      expect(await status()).toBe("fail");
      approve("Cy <cy@example.com>", "good");
      expect(await status()).toBe("pass");
    });

    test("do not count as reviews where nobody has to sign: an address that git was told is nobody's reading", async () => {
      const { world, approve } = arrange();

      approve("Cy <cy@example.com>");
      approve("Dan <dan@example.com>", "good");

      expect(await world.look(codeReview)).toMatchObject({ status: "fail", found: expect.stringContaining("1 of 2") });
      // They are approvals of the plan all the same, and what they rest on is said.
      expect(await world.look(planReviewed)).toMatchObject({
        status: "pass",
        found: expect.stringContaining("2 of these approvals are not signed: whose they are rests on git's user.email"),
      });
      world.policy = { ...world.policy, isProtected: false };
      expect((await world.look(planReviewed)).found).not.toContain("not signed");
    });
  });

  test("what is not committed nobody can have read", async () => {
    const world = new FakeChecklist();
    world.commits = [commit(read("Bob <bob@example.com>", "Cy <cy@example.com>"))];
    world.revision = { ...world.revision, dirty: true };
    expect(await world.look(codeReview)).toMatchObject({ status: "fail", found: expect.stringContaining("differ") });
    world.revision = { commit: null, tree: null, dirty: false };
    expect(await world.look(codeReview)).toMatchObject({ status: "unknown" });
  });

  test("of a first release the newest commit stands for all", async () => {
    const world = new FakeChecklist();
    world.commits = [commit(read("Bob <bob@example.com>", "Cy <cy@example.com>")), commit(read())];

    expect(await world.look(codeReview)).toMatchObject({
      ...{ status: "pass", found: expect.stringContaining("the newest, for a first release") },
    });
  });
});

describe("code review on GitHub", () => {
  const change: ReviewedChange = {
    ...{ name: "acme/orders#7", authors: ["ada"], approvedBy: ["bob", "cy"], refusedBy: [] },
  };
  const look = async (reviewsOf: () => Promise<readonly ReviewedChange[]>) => {
    const world = new FakeChecklist();
    world.release("r1", "3");
    // Whatever the trailers say: anybody can write them.
    world.commits = [commit(read("Bob <bob@example.com>", "Cy <cy@example.com>"))];
    const [evidence] = await runChecklist({ ...world.ports, reviews: { reviewsOf } }, world.options([codeReview]));
    return evidence;
  };

  test("counts approvals of the pull request", async () => {
    expect(await look(async () => [change])).toMatchObject({
      status: "pass",
      found: expect.stringContaining("GitHub"),
    });
  });

  test.each([
    ["one approval", [{ ...change, approvedBy: ["bob"] }], "1 of 2"],
    ["changes asked for", [{ ...change, refusedBy: ["dan"] }], "dan asked for changes in acme/orders#7"],
    ["no pull request", [], "pushed without a pull request"],
  ])("%s is not enough", async (_what, changes, found) => {
    expect(await look(async () => changes)).toMatchObject({ status: "fail", found: expect.stringContaining(found) });
  });

  test("that does not answer leaves it unknown", async () => {
    const away = new ReleaseError({ kind: "unreachable", what: "GitHub is away", why: "no answer", next: "wait" });

    expect(await look(() => Promise.reject(away))).toMatchObject({ status: "unknown", next: "wait" });
  });
});

describe("signatures", () => {
  const look = async (...signatures: string[]) => {
    const world = new FakeChecklist();
    world.release("r1", "3");
    world.commits = signatures.map((signature) => commit({ signature }));
    return (await world.look(signedCommits)).status;
  };

  test.each([
    [["G", "G"], "pass"],
    [["G", "N"], "fail"],
    [["B"], "fail"],
    [["R"], "fail"],
    [["E"], "unknown"],
    [["U"], "unknown"],
    [["X", "G"], "unknown"],
    [["Y"], "unknown"],
    [["?"], "unknown"],
    [["E", "N"], "fail"],
    [[], "pass"],
  ])("%j: %s", async (signatures, status) => {
    expect(await look(...signatures)).toBe(status);
  });

  test("of what is not committed there are none", async () => {
    const world = new FakeChecklist();
    world.revision = { ...world.revision, dirty: true };

    expect(await world.look(signedCommits)).toMatchObject({
      ...{ status: "fail", found: "files differ from the commit: nobody has signed them" },
    });
  });
});

function planSummary(planDigest: string) {
  return {
    ...{ version: 1 as const, environment: "prod", release: null, planDigest, stateSerial: 1, stateLineage: "l" },
    source: { commit: "a".repeat(40), tree: "b".repeat(40), dirty: false },
    ...{ at: "2026-11-28T12:00:00.000Z", changed: true, counts: { add: 1, change: 0, destroy: 0 }, resources: [] },
    ...{ omitted: 0, outputs: [], findings: [], omittedFindings: 0, gate: "open" as const },
  };
}
