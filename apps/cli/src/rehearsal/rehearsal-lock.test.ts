import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { UserError } from "../user-error.ts";
import { lockRehearsal } from "./rehearsal-lock.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rehearsal-lock-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it("is held by one at a time, and names the holder", () => {
  const unlock = lockRehearsal(folder);
  expect(() => lockRehearsal(folder)).toThrow(UserError);
  expect(() => lockRehearsal(folder)).toThrow(new RegExp(`process ${process.pid}.*kill ${process.pid}`));
  unlock();
  lockRehearsal(folder)();
});

it("does not believe a file that a killed rehearsal left", () => {
  writeFileSync(join(folder, "rehearsal.pid"), "1");
  lockRehearsal(folder)();
});

it("says when the folder cannot be written", () => {
  expect(() => lockRehearsal(join(folder, "missing"))).toThrow(/lock in .* cannot be written/);
});
