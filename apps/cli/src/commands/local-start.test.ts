import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { CONTROL_PREFIX, type Health, isAlive, ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "@slipway/local-aws";
import { expect, onTestFinished, test } from "vitest";
import { golden } from "../test/golden.ts";
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
  await golden("local start", started.stdout);
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

/** Somebody without any policy, who asks for the buckets. */
async function askAsNobody(endpoint: string): Promise<string> {
  const root = { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY };
  const place = { region: "us-east-1", endpoint };
  const iam = new IAMClient({ ...place, credentials: root });
  await iam.send(new CreateUserCommand({ UserName: "nobody" }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "nobody" }));
  iam.destroy();
  const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "" } = AccessKey ?? {};
  const s3 = new S3Client({ ...place, credentials: { accessKeyId, secretAccessKey }, forcePathStyle: true });
  try {
    await s3.send(new ListBucketsCommand({}));
    return "allowed";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    s3.destroy();
  }
}

test("with --no-iam everybody may do everything, and it is said on stderr, in the status and in the health", async () => {
  const { port, dataDir, local } = await place();
  const start = ["start", "--data-dir", dataDir, "--output", "json"];

  const started = await local([...start, "--no-iam"]);
  const health = JSON.parse(started.stdout) as Health;
  expect([started.code, health.iam]).toEqual([0, "off"]);
  expect(started.stderr).toMatch(/^WARNING: IAM IS NOT ENFORCED .*--no-iam/);
  expect((await local(["status"])).stdout).toMatch(/^IAM +NOT ENFORCED \(--no-iam\): everybody may do everything$/m);
  expect((await (await fetch(`${health.endpoint}${CONTROL_PREFIX}health`)).json()) as Health).toMatchObject({
    iam: "off",
  });
  expect((await local(start)).stderr, "who only finds it running is warned too").toMatch(
    /^WARNING: IAM IS NOT ENFORCED/,
  );
  expect(await askAsNobody(health.endpoint)).toBe("allowed");
  expect((await local(["access", "--output", "json"])).stdout).not.toContain("DENIED");

  await local(["stop"]);
  const enforced = await local(["start", "--data-dir", dataDir]);
  expect(enforced).toMatchObject({ code: 0, stderr: "" });
  expect((await local(["status"])).stdout).toMatch(/^IAM +enforced$/m);
  expect(await local([...start, "--no-iam"])).toMatchObject({
    ...{ code: 1, stdout: expect.stringMatching(/^\{"version":1,"error":\{"kind":"usage",.*"exitCode":1\}\n$/) },
    stderr: expect.stringContaining(
      `Stop it with \`slipway local stop --port ${port}\`, and start it again with --no-iam.`,
    ),
  });
});

test("without it somebody without a policy is denied, and local access tells", async () => {
  const { dataDir, local } = await place();
  const { endpoint } = JSON.parse((await local(["start", "--data-dir", dataDir, "--output", "json"])).stdout) as Health;
  expect((await local(["access"])).stdout).toMatch(/^Nothing of the kind was asked for\./);

  expect(await askAsNobody(endpoint)).toMatch(
    /^User: arn:aws:iam::000000000000:user\/nobody is not authorized to perform: s3:ListAllMyBuckets .*no identity-based policy allows/,
  );

  const denied = await local(["access", "--denied", "--principal", "nobody"]);
  expect(denied.code).toBe(0);
  expect(denied.stdout).toMatch(/^arn:aws:iam::000000000000:user\/nobody\n +1x +s3:ListAllMyBuckets .* DENIED: no /);
  expect((await local(["access", "--principal", "somebody"])).stdout).toMatch(/^Nothing of the kind/);
  const json = await local(["access", "--denied", "--output", "json"]);
  await golden("local access", json.stdout);
  expect(JSON.parse(json.stdout)).toMatchObject({
    used: [{ need: { action: "s3:ListAllMyBuckets" }, decision: { allowed: false }, count: 1 }],
  });
});
