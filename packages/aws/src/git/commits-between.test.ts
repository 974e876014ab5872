import { temporaryFolder } from "@slipway/testing";
import { expect, test } from "vitest";
import { commitsBetween } from "./commits-between.ts";
import { ScratchRepository } from "./test/scratch-repository.ts";

test("commits of a release are those since what ran before, whatever is checked out", async () => {
  using folder = temporaryFolder();
  const scratch = new ScratchRepository(folder.path);
  const commits = ["Begin", "Join orders with items", "Index items", "Go on"].map((subject) => {
    scratch.write("orders.ts", subject);
    return scratch.commit(subject);
  });
  const [since = "", first, until = ""] = commits;
  const place = { directory: scratch.path, env: scratch.env };
  const found = await commitsBetween(place, { since, until });
  expect(found.map(({ commit, subject }) => [commit, subject])).toEqual([
    [until, "Index items"],
    [first, "Join orders with items"],
  ]);
  expect(found[0]?.author).not.toMatch(/[<@]|^$/);
  expect(await commitsBetween(place, { since: until, until })).toEqual([]);
  const missing = { since: "f".repeat(40), until };
  await expect(commitsBetween(place, missing)).rejects.toMatchObject({ kind: "not-found" });
});
