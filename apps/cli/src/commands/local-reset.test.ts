import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { golden } from "../test/golden.ts";
import { freePort, localAwsFixture } from "../test/local-aws-fixture.ts";
import { runSlipway } from "../test/run-slipway.ts";

test("a running one is empty again, and its snapshots stay", async () => {
  const { local, localAws, close } = await localAwsFixture();
  onTestFinished(close);
  await local("snapshot", "save", "kept");
  await local("faults", "add", "--kind", "throttle");

  expect(await local("reset")).toEqual({
    code: 0,
    stdout: `Local AWS on port ${localAws.port} is empty again.\n`,
    stderr: "",
  });

  expect((await local("faults")).stdout).toBe("No faults are planted.\n");
  expect((await local("snapshot", "list")).stdout).toMatch(/^kept\s/);
});

/** A data folder that nobody has open, with a state and a snapshot. */
function stoppedFolder(): string {
  const dataDir = mkdtempSync(join(tmpdir(), "slipway-reset-"));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  mkdirSync(join(dataDir, "state"));
  mkdirSync(join(dataDir, "snapshots/kept"), { recursive: true });
  writeFileSync(join(dataDir, "state/records.sqlite"), "damaged");
  return dataDir;
}

test("a stopped one's state goes too, damaged or not", async () => {
  const dataDir = stoppedFolder();

  const words = ["local", "reset", "--port", String(await freePort()), "--data-dir", dataDir];
  const { code, stdout } = await runSlipway(words);
  await golden("local reset", (await runSlipway([...words, "--output", "json"])).stdout);

  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^No local AWS runs on port \\d+; the state in ${dataDir} is gone\\.\n$`));
  expect([existsSync(join(dataDir, "state")), existsSync(join(dataDir, "snapshots/kept"))]).toEqual([false, true]);
});

test("a folder that a running one has open is left alone", async () => {
  const { local, localAws, dataDir, close } = await localAwsFixture();
  onTestFinished(close);
  await local("faults", "add", "--kind", "throttle");

  const byFolder = await runSlipway(["local", "reset", "--port", String(await freePort()), "--data-dir", dataDir]);
  const byPort = await local("reset", "--data-dir", stoppedFolder());

  expect(byFolder.code).toBe(1);
  expect(byFolder.stderr).toMatch(
    new RegExp(`^slipway: The data folder ${dataDir} is in use by the local AWS on port ${localAws.port} .*\\n$`),
  );
  expect(byPort.code).toBe(1);
  expect(byPort.stderr).toMatch(
    /^slipway: Port \d+ has a local AWS with another data folder .*, which was left alone\. .*\n$/,
  );
  expect((await local("faults")).stdout).toMatch(/throttle/);
});
