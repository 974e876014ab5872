import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tryLock } from "@slipway/local-aws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { golden } from "../test/golden.ts";
import { freePort, type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { runSlipway } from "../test/run-slipway.ts";
import { temporaryRepository } from "../test/temporary-repository.ts";

let aws: LocalAwsFixture;
let repository: ReturnType<typeof temporaryRepository>;

beforeAll(async () => {
  aws = await localAwsFixture();
  repository = temporaryRepository();
  for (const folder of ["f", "infrastructure/b", "infrastructure/prod"]) {
    mkdirSync(join(repository.path, folder), { recursive: true });
  }
  writeFileSync(join(repository.path, "slipway.config.ts"), `export default ${JSON.stringify(elsewhere())};\n`);
});

afterAll(async () => {
  repository?.remove();
  await aws?.close();
});

/** The configuration of a team in another Region, whose API is what local AWS says of itself. */
function elsewhere() {
  const environment = (path: string) => ({
    terraform: { directory: "infrastructure/prod", stateKey: "prod/terraform.tfstate" },
    functions: [
      {
        ...{ name: "f", directory: "f", build: ["true"], artifact: "f" },
        outputs: { functionName: "f", alias: "a", artifactBucket: "b" },
      },
    ],
    api: { urlOutput: "url" },
    smoke: { steps: [{ name: "alive", method: "GET", path, expect: { status: 200 } }] },
  });
  return {
    ...{ project: "elsewhere", region: "eu-west-1", infrastructure: "infrastructure" },
    bootstrap: { directory: "infrastructure/b", outputs: { stateBucket: "b" }, state: { bucket: "states" } },
    environments: { prod: environment("/_slipway/health"), dev: environment("/_slipway/nowhere") },
  };
}

const port = () => String(aws.localAws.port);

describe("slipway rehearse", () => {
  it("knows no environment but those of the configuration", async () => {
    const { code, stderr, stdout } = await runSlipway(["rehearse", "mars", "--once", "--port", port()]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/environment: there is no 'mars' in .*slipway\.config\.ts\. It has dev, staging, prod\./);
  });

  it("works on no local AWS with another data folder than the one that was asked for", async () => {
    const words = ["rehearse", "prod", "--once", "--port", port(), "--data-dir", repository.path];
    const { code, stderr } = await runSlipway(words);
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port()} has a local AWS with another data folder (${aws.dataDir}). Stop it with`);
  });

  it("works on no local AWS that plays another Region", async () => {
    const { code, stderr } = await runSlipway(["rehearse", "--once", "--port", port()], { cwd: repository.path });
    expect(code).toBe(1);
    expect(stderr).toContain(
      `The local AWS on port ${port()} plays the Region us-east-1, and the configuration says eu-west-1.`,
    );
  });

  it("leaves a data folder alone that another rehearsal works on", async () => {
    const unlock = tryLock(join(aws.dataDir, "rehearsal.lock.sqlite"));
    writeFileSync(join(aws.dataDir, "rehearsal.pid"), "4711");
    const { code, stderr, stdout } = await runSlipway(["rehearse", "--once", "--port", port()]);
    unlock?.();
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`Another rehearsal (process 4711) works on ${aws.dataDir}.`);
    expect((await aws.local("status")).code, "and it is still up").toBe(0);
  });
});

describe("slipway smoke", () => {
  it.each([
    ["ftp://example.com", "--url: 'ftp://example.com' is no http or https URL."],
    ["example.com", "--url: 'example.com' is no http or https URL."],
  ])("refuses --url %s", async (url, message) => {
    const { code, stderr } = await runSlipway(["smoke", "prod", "--url", url]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it("tests nothing where nothing was rehearsed", async () => {
    const { code, stderr } = await runSlipway(["smoke", "prod", "--port", port()]);
    expect(code).toBe(2);
    expect(stderr).toContain(`Nothing was rehearsed on local AWS at ${aws.localAws.endpoint} yet.`);
  });

  it("passes with 0 and fails with 1, by what the API answers", async () => {
    const url = aws.localAws.endpoint;
    const place = { cwd: repository.path };
    const passed = await runSlipway(["smoke", "prod", "--url", url, "--output", "json"], place);
    expect(passed.code, passed.stderr).toBe(0);
    await golden("smoke", passed.stdout);
    expect(JSON.parse(passed.stdout)).toMatchObject({
      url,
      passed: true,
      steps: [{ name: "alive", outcome: "passed" }],
    });

    const failed = await runSlipway(["smoke", "dev", "--url", url], place);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain("alive");
    expect(failed.stderr).toBe(`Smoke test of dev at ${url}: FAILED\n`);
  });

  it("needs a local AWS, or a URL", async () => {
    const nobody = String(await freePort());
    const { code, stderr } = await runSlipway(["smoke", "prod", "--port", nobody]);
    expect(code).toBe(2);
    expect(stderr).toContain(`No local AWS answers on port ${nobody}.`);
  });
});
