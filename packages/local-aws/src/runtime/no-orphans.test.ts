import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test, vi } from "vitest";

// Functions are processes, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const HOST = fileURLToPath(new URL("./orphan-host.ts", import.meta.url));
let host: ChildProcess | undefined;
let folder: string | undefined;
afterEach(() => {
  host?.kill("SIGKILL");
  if (folder !== undefined) {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.each([["SIGKILL" as const], ["SIGTERM" as const]])(
  "no process is left after %s, whatever the functions are doing",
  async (signal) => {
    host = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", HOST], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const started = await firstLine(host);
    folder = started.folder;
    const all = processesOf(host.pid as number);

    // Three functions and what one of them has started, an idle one, and the reaper.
    expect(all).toEqual(expect.arrayContaining(started.pids));
    expect(all.length).toBeGreaterThanOrEqual(6);
    host.kill(signal);

    await expect.poll(() => alive(all), { interval: 20 }).toEqual([]);
  },
);

test("a reaper that was killed is replaced", async () => {
  host = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", HOST], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const started = await firstLine(host);
  folder = started.folder;
  const [reaper] = reapersOf(host.pid as number);
  process.kill(reaper as number, "SIGKILL");
  await expect.poll(() => reapersOf(host?.pid as number).filter((pid) => pid !== reaper).length).toBe(1);
  const all = processesOf(host.pid as number);

  host.kill("SIGKILL");

  await expect.poll(() => alive(all), { interval: 20 }).toEqual([]);
});

async function firstLine(child: ChildProcess): Promise<{ pids: number[]; folder: string }> {
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    return JSON.parse(line) as { pids: number[]; folder: string };
  }
  throw new Error("The host has ended before its functions ran.");
}

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly state: string;
  readonly command: string;
}

function processes(): ProcessRow[] {
  const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid=,pgid=,stat=,comm="], { encoding: "utf8" })
    .trim()
    .split("\n");
  return rows.map((row) => {
    const [pid, parent, group, state = "", ...command] = row.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), group: Number(group), state, command: command.join(" ") };
  });
}

/** What a process has started, with all that is in the process groups of these. */
function processesOf(hostPid: number): number[] {
  const all = processes();
  const groups = new Set(
    all.filter(({ parent, command }) => parent === hostPid && command !== "ps").map(({ group }) => group),
  );
  return all.filter(({ pid, group }) => groups.has(group) && pid !== hostPid).map(({ pid }) => pid);
}

function reapersOf(hostPid: number): number[] {
  return processes()
    .filter(({ parent, command }) => parent === hostPid && /(^|\/)sh$/.test(command))
    .map(({ pid }) => pid);
}

/** The processes among these that still run; one that has ended and only waits for its parent to notice does not. */
function alive(pids: readonly number[]): number[] {
  return processes()
    .filter(({ pid, state }) => pids.includes(pid) && !state.startsWith("Z"))
    .map(({ pid }) => pid);
}
