import { expect, test } from "vitest";
import { configurationKeys } from "./configuration-keys.ts";

test("keys of every depth are among them, names that people choose are not", () => {
  const keys = configurationKeys();

  expect(keys).toEqual(
    expect.arrayContaining([
      "project",
      "stateKey",
      "eventuallyWithinSeconds",
      "reviewers",
      "leastPercent",
      "urlVariable",
    ]),
  );
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).not.toContain("prod");
});
