import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { eventually, isAlive, patient } from "../test/eventually.ts";
import { type ProcessOptions, runProcess } from "./run-process.ts";

const sh = (script: string, options: Partial<ProcessOptions> = {}) =>
  runProcess({ command: "sh", args: ["-c", script], cwd: "/", env: { PATH: process.env.PATH }, ...options });

describe("runProcess", () => {
  it("gives exit code and output, and closes the child's standard input", async () => {
    const result = await sh("echo out; echo problem >&2; cat; exit 3");

    expect(result).toEqual({ code: 3, stdout: "out\n", stderr: "problem\n" });
  });

  it("passes lines on while they come, the last one without a line break too", async () => {
    const lines: string[] = [];

    const { stdout } = await sh("printf 'a\\nb'; printf c >&2", {
      onStdoutLine: (line) => lines.push(line),
      onStderrLine: (line) => lines.push(`stderr ${line}`),
    });

    expect(lines.sort()).toEqual(["a", "b", "stderr c"]);
    expect(stdout).toBe("");
  });

  it("passes on an output of many megabytes in full", async () => {
    let bytes = 0;

    await sh("head -c 20000000 /dev/zero | tr '\\0' x | fold -w 1000", {
      onStdoutLine: (line) => (bytes += line.length),
    });

    expect(bytes).toBe(20_000_000);
  });

  it("tells of a program that cannot be started, and of one that a signal ended", async () => {
    const missing = await runProcess({ command: "no-such-program", args: [], cwd: "/", env: { PATH: "/bin" } });

    expect(missing).toMatchObject({ code: 127, stderr: expect.stringContaining("no-such-program") });
    expect(await sh("kill -TERM $$")).toMatchObject({ code: 143 });
  });

  it("lets the child end by itself after one interrupt", async () => {
    const abort = new AbortController();
    const lines: string[] = [];

    const result = await sh(
      "trap 'echo caught; sleep 0.2; echo written; exit 5' INT; echo ready; while :; do sleep 0.05; done",
      {
        signal: abort.signal,
        onStdoutLine(line) {
          lines.push(line);
          if (line === "ready") abort.abort();
        },
      },
    );

    expect(lines).toEqual(["ready", "caught", "written"]);
    expect(result.code).toBe(5);
  });

  it("kills a child that does not end, if it may", async () => {
    const abort = new AbortController();

    const result = await sh("trap '' INT; echo ready; while :; do sleep 0.05; done", {
      signal: abort.signal,
      killAfterMs: 100,
      onStdoutLine: () => abort.abort(),
    });

    expect(result.code).toBe(137);
  });

  it("starts nothing when it was asked to stop before", async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "started");

    const result = await sh(`touch ${file}`, { signal: AbortSignal.abort() });

    expect(result.code).toBe(130);
    expect(existsSync(file)).toBe(false);
  });

  it("leaves nothing running that the child started and forgot", async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "pid");

    await sh(`sleep 60 & echo $! > ${file}; exit 0`);

    await eventually("the end of the forgotten process", () => !isAlive(Number(readFileSync(file, "utf8"))));
  });

  it.each([
    ["interrupt", "interrupted\nfinished\n"],
    ["finish", "finished\n"],
  ])("does as it was told with the child of a process that is killed: %s", patient, async (whenAbandoned, log) => {
    using folder = temporaryFolder();
    const file = join(folder.path, "log");
    const script = `trap 'echo interrupted >> ${file}; sleep 0.2; echo noise; echo finished >> ${file}; exit 0' INT; echo $$ > ${file}; for i in $(seq 30); do echo noise; sleep 0.05; done; echo finished >> ${file}`;
    const program = `
      import { runProcess } from ${JSON.stringify(join(import.meta.dirname, "run-process.ts"))};
      await runProcess({ command: "sh", args: ["-c", ${JSON.stringify(script)}], cwd: "/", env: process.env, onStdoutLine() {}, whenAbandoned: ${JSON.stringify(whenAbandoned)} });
    `;
    const victim = spawn(process.execPath, ["--input-type=module-typescript", "-e", program], { stdio: "ignore" });
    await eventually("the start of the child", () => existsSync(file) && readFileSync(file, "utf8").endsWith("\n"));
    const pid = Number(readFileSync(file, "utf8"));

    victim.kill("SIGKILL");

    // Its output is read by nobody any more, which must not end it before its time.
    await eventually("the child's end", () => !isAlive(pid));
    expect(readFileSync(file, "utf8")).toBe(`${pid}\n${log}`);
  });
});
