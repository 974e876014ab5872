import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { tryLock } from "./try-lock.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "try-lock-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it("has one holder, until it is given back", () => {
  const file = join(folder, "lock");
  const unlock = tryLock(file);
  expect(unlock).toBeDefined();
  expect(tryLock(file)).toBeUndefined();
  unlock?.();
  // A second call gives back what is no longer ours, and so does nothing.
  const next = tryLock(file);
  unlock?.();
  expect(tryLock(file)).toBeUndefined();
  next?.();
});

it("ends with a process that is killed", async () => {
  const file = join(folder, "lock");
  const holder: ChildProcess = spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      "--input-type=module-typescript",
      "--eval",
      `import { tryLock } from ${JSON.stringify(join(import.meta.dirname, "try-lock.ts"))};
      tryLock(${JSON.stringify(file)});
      console.log("held");
      setInterval(() => {}, 1000);`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  await once(holder.stdout as NodeJS.EventEmitter, "data");
  expect(tryLock(file)).toBeUndefined();
  holder.kill("SIGKILL");
  await once(holder, "exit");
  const unlock = tryLock(file);
  expect(unlock).toBeDefined();
  unlock?.();
});

it("says when the file cannot be written", () => {
  expect(() => tryLock(join(folder, "no", "such", "folder"))).toThrow(/unable to open/);
});
