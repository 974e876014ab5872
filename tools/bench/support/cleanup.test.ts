import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withCleanup } from "./cleanup.ts";

test("undoes the latest first, also when the work fails", async () => {
  const done: string[] = [];

  const work = withCleanup(async (cleanup) => {
    cleanup.defer(async () => void done.push("first"));
    cleanup.defer(async () => void done.push("second"));
    throw new Error("no luck");
  });

  await expect(work).rejects.toThrow("no luck");
  expect(done).toEqual(["second", "first"]);
});

test("a step that fails does not keep the others from being done, and is told", async () => {
  const done: string[] = [];

  const work = withCleanup(async (cleanup) => {
    cleanup.defer(async () => void done.push("first"));
    cleanup.defer(() => Promise.reject(new Error("still running")));
  });

  await expect(work).rejects.toThrow("still running");
  expect(done).toEqual(["first"]);
});

test("takes temporary folders away with what is in them", async () => {
  const folder = await withCleanup(async (cleanup) => {
    const path = await cleanup.temporaryFolder("test");
    writeFileSync(join(path, "file"), "content");
    return path;
  });

  expect(existsSync(folder)).toBe(false);
});
