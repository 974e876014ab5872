import { existsSync, mkdirSync, utimesSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { runTool } from "./run-tool.mjs";
import { temporaryFolder, writeFile } from "./test/temporary-folder.ts";
import { withLock } from "./with-lock.mjs";

/** A process id that was alive a moment ago and is not any more. */
async function deadProcess(): Promise<number> {
  const result = await runTool(process.execPath, ["-p", "process.pid"]);
  return Number(result.stdout);
}

test("two at once work one after the other, and the lock is gone afterwards", async () => {
  const lock = join(temporaryFolder(), "deep/down/lock");
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} in`);
    await sleep(50);
    events.push(`${name} out`);
  };
  const waited: string[] = [];

  await Promise.all(
    ["a", "b", "c"].map((name) =>
      withLock(lock, work(name), { pollMs: 5, onWait: (holder) => waited.push(`${name} for ${holder}`) }),
    ),
  );

  expect(events.map((event) => event.split(" ")[1])).toEqual(["in", "out", "in", "out", "in", "out"]);
  expect(waited).toHaveLength(2);
  expect(waited[0]).toContain(`process ${process.pid}`);
  expect(existsSync(lock)).toBe(false);
});

test("work that fails gives the lock back", async () => {
  const lock = join(temporaryFolder(), "lock");

  await expect(withLock(lock, () => Promise.reject(new Error("no")))).rejects.toThrow("no");

  expect(existsSync(lock)).toBe(false);
});

test("the lock of a dead process is taken over by exactly one of many", async () => {
  const lock = join(temporaryFolder(), "lock");
  writeFile(lock, JSON.stringify({ pid: await deadProcess(), host: hostname() }));
  let inside = 0;
  let most = 0;

  await Promise.all(
    Array.from({ length: 20 }, () =>
      withLock(
        lock,
        async () => {
          inside += 1;
          most = Math.max(most, inside);
          await sleep(2);
          inside -= 1;
        },
        { pollMs: 1 },
      ),
    ),
  );

  expect(most).toBe(1);
});

test("a lock without a heartbeat for a minute is taken over, even from another machine", async () => {
  const lock = join(temporaryFolder(), "lock");
  writeFile(lock, JSON.stringify({ pid: 1, host: "another-machine" }));
  const longAgo = Date.now() / 1000 - 61;
  utimesSync(lock, longAgo, longAgo);

  expect(await withLock(lock, async () => "mine")).toBe("mine");
});

test("a lock that is held is not taken: after the time-out there is one clear message", async () => {
  const lock = join(temporaryFolder(), "lock");
  writeFile(lock, JSON.stringify({ pid: process.pid, host: hostname() }));

  const waiting = withLock(lock, async () => "mine", { pollMs: 5, timeoutMs: 20 });

  await expect(waiting).rejects.toThrow(
    new RegExp(`still running in this folder\\.\\n  Why:  process ${process.pid} .*\\n  Next: .*rm ${lock}`),
  );
  expect(existsSync(lock)).toBe(true);
});

test("a folder that cannot be written is told by name", async () => {
  const folder = temporaryFolder();
  writeFile(join(folder, "file"), "");
  mkdirSync(join(folder, "empty"));

  await expect(withLock(join(folder, "file/lock"), async () => {})).rejects.toThrow(`${folder}/file is not writable`);
});
