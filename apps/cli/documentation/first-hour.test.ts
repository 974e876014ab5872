import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";

const repository = resolve(import.meta.dirname, "../../..");

// The page itself is typed by e2e/first-hour.soak.test.ts.
test("the line that breaks the API in docs/first-hour.md still fits the code", () => {
  const { status, stderr } = spawnSync("git", ["apply", "--check", "docs/first-hour.patch"], {
    cwd: repository,
    encoding: "utf8",
  });

  expect(stderr).toBe("");
  expect(status).toBe(0);
});
