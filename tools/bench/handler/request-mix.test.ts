import { expect, test } from "vitest";
import { requestMix } from "./request-mix.ts";

test("reads, lists, creations, replacements and deletions, 4 : 2 : 2 : 1 : 1", () => {
  const kinds = requestMix(1_000).map(({ method, query }) => (query === undefined ? method : "list"));
  const counts = ["GET", "list", "POST", "PUT", "DELETE"].map((kind) => kinds.filter((each) => each === kind).length);

  expect(counts).toEqual([400, 200, 200, 100, 100]);
});

test("no change without its condition", () => {
  const changes = requestMix(10).filter(({ method }) => ["PUT", "DELETE"].includes(method));

  expect(changes.map(({ headers }) => headers)).toEqual([{ "If-Match": '"1"' }, { "If-Match": '"1"' }]);
});
