import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runTool } from "./run-tool.mjs";
import { temporaryFolder, writeFile } from "./test/temporary-folder.ts";

test("gives what was printed, and the exit code", async () => {
  const result = await runTool("/bin/sh", ["-c", 'echo "$A"; echo err >&2; exit 3'], { env: { A: "out" } });

  expect(result).toEqual({ code: 3, signal: null, stdout: "out\n", stderr: "err\n", error: undefined });
});

test("a tool that does not exist, or takes too long, is a result and no exception", async () => {
  const absent = await runTool("/nowhere/tool", []);
  const slow = await runTool("/bin/sleep", ["30"], { timeoutMs: 50 });

  expect(absent).toMatchObject({ code: null, error: { code: "ENOENT" } });
  expect(slow).toMatchObject({ code: null, error: { message: "/bin/sleep gave no answer within 0.05 s" } });
});

test("a supervised tool gives the same, and takes its children with it when it takes too long", async () => {
  const pidFile = join(temporaryFolder(), "pid");
  const script = `echo out; echo err >&2; exit 3`;

  expect(await runTool("/bin/sh", ["-c", script], { supervised: true })).toEqual({
    code: 3,
    signal: null,
    stdout: "out\n",
    stderr: "err\n",
    error: undefined,
  });
  expect(await runTool("/nowhere/tool", [], { supervised: true })).toMatchObject({
    code: 127,
    stderr: "spawn /nowhere/tool ENOENT\n",
  });

  const slow = `sleep 60 & echo $! > ${pidFile}; wait`;
  expect(await runTool("/bin/sh", ["-c", slow], { supervised: true, timeoutMs: 1_000 })).toMatchObject({ code: null });
  await vi.waitFor(() => expect(isAlive(Number(readFileSync(pidFile, "utf8")))).toBe(false), 60_000);
});

test.each(["SIGTERM", "SIGKILL"] as const)(
  "nothing that it started outlives a process that %s ended",
  async (signal) => {
    const folder = temporaryFolder();
    const script = writeFile(
      join(folder, "parent.mjs"),
      `import { runTool } from ${JSON.stringify(join(import.meta.dirname, "run-tool.mjs"))};
     // As npm does: deaf to requests to stop, and with children of its own.
     const tool = "trap '' TERM INT; sleep 60 & echo $$ $! > pids; wait";
     await runTool("/bin/sh", ["-c", tool], { cwd: import.meta.dirname, supervised: true });`,
    );
    const parent = spawn(process.execPath, [script], { stdio: "ignore" });
    const pids = await vi.waitFor(() => {
      const numbers = readFileSync(join(folder, "pids"), "utf8").trim().split(" ").map(Number);
      expect(numbers).toHaveLength(2);
      return numbers;
    }, 10_000);
    expect(pids.map(isAlive)).toEqual([true, true]);

    parent.kill(signal);

    await vi.waitFor(() => expect(pids.map(isAlive)).toEqual([false, false]), 60_000);
  },
);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
