import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fetchHttpClient } from "@slipway/release-engine";
import { afterEach, describe, expect, test } from "vitest";
import { GithubReviews } from "./github-reviews.ts";

const SHA = "a".repeat(40);
const HEAD = "b".repeat(40);
const TOKEN = "a-token-of-a-test";

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
}

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
  }
});

/** A GitHub that knows these answers, by the path below the repository; a list is given out in pages. */
async function github(
  answers: Record<string, unknown[] | Answer>,
): Promise<{ reviews: GithubReviews; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://localhost");
    const path = url.pathname.replace("/repos/acme/orders/", "");
    asked.push(path);
    const known = answers[path] ?? { status: 404, body: { message: "Not Found" } };
    const [page, size] = ["page", "per_page"].map((name) => Number(url.searchParams.get(name)));
    const { status, headers, body }: Answer = Array.isArray(known)
      ? { body: known.slice(((page ?? 1) - 1) * (size ?? 30), (page ?? 1) * (size ?? 30)) }
      : known;
    const isKnown = request.headers.authorization === `Bearer ${TOKEN}`;
    response.writeHead(isKnown ? (status ?? 200) : 401, headers);
    response.end(JSON.stringify(isKnown ? body : { message: "Bad credentials" }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    reviews: new GithubReviews({ http: fetchHttpClient, repository: "acme/orders", token: TOKEN, apiUrl }),
    asked,
  };
}

const pull = (changes: object = {}) => ({
  ...{ number: 7, merged_at: "2026-11-27T10:00:00Z", user: { login: "Ada", type: "User" }, head: { sha: HEAD } },
  ...changes,
});
const review = (login: string, state = "APPROVED", changes: object = {}) => ({
  ...{ user: { login, type: "User" }, state, commit_id: HEAD, author_association: "MEMBER" },
  ...changes,
});
const written = (login: string, message = "Cancel orders", email = "x@example.com") => ({
  author: { login, type: "User" },
  commit: { message, author: { email } },
});

async function approved(reviews: readonly object[], commits: readonly object[] = [written("ada")]) {
  const world = await github({
    [`commits/${SHA}/pulls`]: [pull()],
    "pulls/7/reviews": [...reviews],
    "pulls/7/commits": [...commits],
  });
  const [change] = await world.reviews.reviewsOf(SHA);
  return change;
}

describe("who approved", () => {
  test("are members who approved the last state", async () => {
    expect(await approved([review("Bob"), review("cy", "APPROVED", { author_association: "OWNER" })])).toEqual({
      ...{ name: "acme/orders#7", authors: ["ada"], approvedBy: ["bob", "cy"], refusedBy: [] },
    });
  });

  test.each([
    ["the author", [review("ADA")]],
    ["somebody who only comments", [review("bob", "COMMENTED")]],
    ["somebody from outside", [review("bob", "APPROVED", { author_association: "CONTRIBUTOR" })]],
    ["a machine", [review("bot", "APPROVED", { user: { login: "bot", type: "Bot" } })]],
    ["an account that is gone", [review("bob", "APPROVED", { user: null })]],
    ["an approval of an earlier state", [review("bob", "APPROVED", { commit_id: "c".repeat(40) })]],
    ["an approval that was dismissed", [review("bob", "DISMISSED")]],
    ["one who asked for changes later", [review("bob"), review("bob", "CHANGES_REQUESTED")]],
  ])("%s does not count", async (_who, reviews) => {
    expect((await approved(reviews))?.approvedBy).toEqual([]);
  });

  test("who wrote a part of it does not count", async () => {
    const commits = [
      written("ada"),
      written("bob"),
      written("dan", "Fix\n\nCo-authored-by: C <12+Cy@users.noreply.github.com>"),
    ];

    expect(await approved([review("bob"), review("cy"), review("eve")], commits)).toMatchObject({
      ...{ authors: ["ada", "bob", "dan", "cy"], approvedBy: ["eve"] },
    });
  });

  test("a comment after an approval takes nothing back, and an approval takes back what was asked for", async () => {
    const reviews = [review("bob"), review("bob", "COMMENTED"), review("cy", "CHANGES_REQUESTED"), review("cy")];

    expect(await approved(reviews)).toMatchObject({ approvedBy: ["bob", "cy"], refusedBy: [] });
    expect(await approved([review("dan", "CHANGES_REQUESTED")])).toMatchObject({ refusedBy: ["dan"] });
  });

  test("is read to the last page", async () => {
    const many = Array.from({ length: 150 }, (_, index) => review(`reader-${index}`));

    expect((await approved(many))?.approvedBy).toHaveLength(150);
  });
});

test("pull requests that were not merged are none, and each is read once", async () => {
  const other = "d".repeat(40);
  const { reviews, asked } = await github({
    [`commits/${SHA}/pulls`]: [pull(), pull({ number: 8, merged_at: null })],
    [`commits/${other}/pulls`]: [pull()],
    "pulls/7/reviews": [review("bob")],
    "pulls/7/commits": [written("ada")],
  });

  expect(await reviews.reviewsOf(SHA)).toHaveLength(1);
  expect(await reviews.reviewsOf(other)).toHaveLength(1);
  expect(asked.filter((path) => path === "pulls/7/reviews")).toHaveLength(1);
});

describe("what GitHub refuses", () => {
  const limited = { "x-ratelimit-remaining": "0" };

  test.each([
    [{ status: 403, body: { message: "Resource not accessible" } }, "denied"],
    [{ status: 403, headers: limited, body: { message: "API rate limit exceeded" } }, "throttled"],
    [{ status: 429, body: {} }, "throttled"],
    [{ status: 422, body: { message: "No commit found for SHA" } }, "not-found"],
    [{ status: 404, body: { message: "Not Found" } }, "not-found"],
    [{ status: 502, body: {} }, "failed"],
    [{ status: 200, body: { not: "a list" } }, "failed"],
  ] as [Answer, string][])("%j is %s", async (answer, kind) => {
    const { reviews } = await github({ [`commits/${SHA}/pulls`]: answer });

    await expect(reviews.reviewsOf(SHA)).rejects.toMatchObject({ kind });
  });

  test("no error has the token in it", async () => {
    const { reviews } = await github({ [`commits/${SHA}/pulls`]: { status: 403, body: { message: "No" } } });

    await expect(reviews.reviewsOf(SHA)).rejects.not.toThrow(TOKEN);
  });

  test("no answer at all is unreachable", async () => {
    const { reviews } = await github({});
    await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));

    await expect(reviews.reviewsOf(SHA)).rejects.toMatchObject({ kind: "unreachable" });
  });
});
