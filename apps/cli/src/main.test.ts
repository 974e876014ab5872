import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "./test/local-aws-fixture.ts";

function slipway(...words: readonly string[]) {
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", join(import.meta.dirname, "../bin/start.mjs"), ...words],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  const ended = once(child, "close").then(([code]) => ({ code, stderr }));
  return { child, ended };
}

test("a reader that has read enough is no failure", async () => {
  const { child, ended } = slipway("--help");
  child.stdout.destroy();

  expect(await ended).toEqual({ code: 0, stderr: "" });
});

test("one Ctrl-C that arrives twice, from the terminal and from npm, is one: everything is stopped in order", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "slipway-main-"));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const { child, ended } = slipway(
    ...["local", "start", "--foreground", "--port", String(await freePort()), "--data-dir", dataDir],
  );
  await once(child.stdout, "data");

  child.kill("SIGINT");
  await wait(10);
  child.kill("SIGINT");

  expect(await ended).toEqual({ code: 0, stderr: "Local AWS has stopped.\n" });
});
