import { existsSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@slipway/testing";
import { expect, test } from "vitest";
import { withLockFile } from "./with-lock-file.ts";

test("does it alone, and leaves no lock behind, also where it fails", () => {
  using folder = temporaryFolder();
  const lock = join(folder.path, "lock");
  expect(withLockFile(lock, 0, () => existsSync(lock))).toBe(true);
  expect(() =>
    withLockFile(lock, 0, () => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(existsSync(lock)).toBe(false);
});

test("gives up on who is at it, and leaves that one's lock", () => {
  using folder = temporaryFolder();
  const lock = join(folder.path, "lock");
  writeFileSync(lock, "");
  expect(() => withLockFile(lock, 60, () => "done")).toThrow("EEXIST");
  expect(existsSync(lock)).toBe(true);
});

test("takes the lock of who is dead", () => {
  using folder = temporaryFolder();
  const lock = join(folder.path, "lock");
  writeFileSync(lock, "");
  const longAgo = Date.now() / 1_000 - 60;
  utimesSync(lock, longAgo, longAgo);
  expect(withLockFile(lock, 0, () => "done")).toBe("done");
});
