import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Health, isAlive } from "@slipway/local-aws";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "../test/local-aws-fixture.ts";
import { type Place, runSlipway } from "../test/run-slipway.ts";

/** A port and a data folder of a test's own; whatever runs there is stopped at its end. */
async function place() {
  const dataDir = mkdtempSync(join(tmpdir(), "slipway-start-"));
  const port = await freePort();
  const local = (words: readonly string[], where: Place = {}) =>
    runSlipway(["local", ...words, "--port", String(port)], { env: process.env, ...where });
  onTestFinished(async () => {
    await local(["stop"]);
    rmSync(dataDir, { recursive: true, force: true });
  });
  return { port, dataDir, local };
}

test("in the background: started once, found by the second start, stopped for good, and its state stays", async () => {
  const { port, dataDir, local } = await place();

  const started = await local(["start", "--data-dir", dataDir, "--output", "json"]);
  const { pid, endpoint } = JSON.parse(started.stdout) as Health;
  expect({ code: started.code, endpoint }).toEqual({ code: 0, endpoint: `http://127.0.0.1:${port}` });
  await local(["faults", "add", "--kind", "throttle", "--service", "s3"]);

  const again = await local(["start", "--data-dir", dataDir]);
  expect(again.stdout).toMatch(new RegExp(`^Local AWS is already running at ${endpoint} \\(process ${pid}, `));
  expect(again.stdout).toContain(`slipway local stop --port ${port}`);
  const elsewhere = await local(["start", "--data-dir", join(dataDir, "other")]);
  expect(elsewhere).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^slipway: Port \d+ has a local AWS with another data folder \(.*\)\. Stop it with: /,
    ),
  });

  const stopped = await local(["stop"]);
  expect(stopped).toEqual({
    code: 0,
    stdout: `Local AWS on port ${port} has stopped. Its state stays in ${dataDir}.\n`,
    stderr: "",
  });
  expect(isAlive(pid)).toBe(false);
  expect((await local(["start", "--data-dir", dataDir])).stdout).toMatch(/^Local AWS is ready at /);
  expect((await local(["faults"])).stdout).toMatch(/throttle\s+s3/);
  expect(readFileSync(join(dataDir, "local-aws.log"), "utf8")).toMatch(/Local AWS has stopped\.\n/);
});

test("in the foreground: it stays until Ctrl-C, and then says so", async () => {
  const { port, dataDir, local } = await place();
  const ctrlC = new AbortController();
  const ready = Promise.withResolvers<string>();

  const running = local(["start", "--foreground", "--data-dir", dataDir], {
    signal: ctrlC.signal,
    onStdout: ready.resolve,
  });
  expect(await Promise.race([ready.promise, running])).toMatch(/^Local AWS is ready at http:\/\/127\.0\.0\.1:\d+ /);
  expect((await local(["status"])).code).toBe(0);
  ctrlC.abort("SIGINT");

  expect(await running).toMatchObject({ code: 0, stderr: expect.stringMatching(/Local AWS has stopped\.\n$/) });
  expect((await local(["status"])).stdout).toBe(
    `No local AWS runs on port ${port}. Start it with: slipway local start --port ${port}\n`,
  );
});

test.each([["--foreground"], []])("a folder that cannot be written is one message %s", async (...flags) => {
  const { dataDir, local } = await place();
  writeFileSync(join(dataDir, "file"), "");

  const { code, stdout, stderr } = await local(["start", "--data-dir", join(dataDir, "file/data"), ...flags]);

  expect(stderr).toMatch(/^slipway: Local AWS cannot write to its data folder .* \(ENOTDIR\)\. .*--data-dir DIR\.\n$/);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
});
