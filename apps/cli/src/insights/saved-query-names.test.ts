import { describe, expect, test } from "vitest";
import { findQuery, nameQueries, queryFolders } from "./saved-query-names.ts";

const saved = (name: string) => ({ name, query: `fields @message | limit ${name.length}`, groups: ["/g"] });
const fn = (name: string) => ({ name, logGroup: name, aliases: [], timeoutSeconds: 3, memoryMb: 128 });

const named = nameQueries(
  [
    "api-handler-prod/Error Analysis",
    "authorizer-prod/Error Analysis",
    "api-handler-prod/Request Analysis (5 min)",
    "team/ours/Slow Calls",
    "Alone",
  ].map(saved),
);

test("queries are typed in kebab case, with their folder only where it is needed", () => {
  expect(named.map(({ word }) => word)).toEqual([
    ...["alone", "api-handler-prod/error-analysis", "authorizer-prod/error-analysis"],
    ...["request-analysis-5-min", "slow-calls"],
  ]);
});

test("the folders of an environment are those of its state and of its functions", () => {
  const resources = {
    queries: ["api-prod/A", "api-prod/B", "Alone", "team/x/C"],
    functions: [fn("api-prod"), fn("worker")],
  };

  expect(queryFolders(resources)).toEqual(["Alone", "api-prod/", "team/x/", "worker/"]);
});

describe("what was typed", () => {
  test.each([
    ["slow-calls", "team/ours/Slow Calls"],
    ["team/ours/Slow Calls", "team/ours/Slow Calls"],
    ["authorizer-prod/error-analysis", "authorizer-prod/Error Analysis"],
    ["fields @message | limit 3", undefined],
    ["stats count(*)", undefined],
  ])("%s is %s", (text, name) => {
    expect(findQuery(named, text, "prod")?.name).toBe(name);
  });

  test("and is the name of two queries names both", () => {
    expect(() => findQuery(named, "error-analysis", "prod")).toThrow(
      "prod has several queries 'error-analysis':\n  api-handler-prod/error-analysis\n  authorizer-prod/error-analysis",
    );
  });

  test("and is a word that nobody knows names those that there are", () => {
    expect(() => findQuery(named, "eror-analysis", "prod")).toThrow(
      /'eror-analysis' is no saved query of prod, and no query of Logs Insights.*\n {2}alone\n/s,
    );
  });
});
