import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { documentProblems, documents } from "@slipway/contracts/documents";
import { expect, test } from "vitest";
import { FAILURE_EXAMPLE, JSON_SCHEMAS } from "./json-reference.ts";

const repository = resolve(import.meta.dirname, "../../..");

test("there is a schema of every document, and none of what nothing prints any more", () => {
  const published = readdirSync(join(repository, JSON_SCHEMAS));

  expect(published.toSorted()).toEqual(
    Object.keys(documents)
      .map((name) => `${name}.json`)
      .toSorted(),
  );
});

test("the failure that the page shows could be one", () => {
  expect(documentProblems(FAILURE_EXAMPLE, ["failure-report"])).toEqual([]);
});
