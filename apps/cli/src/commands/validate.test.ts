import type { Evidence } from "@slipway/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { golden } from "../test/golden.ts";
import { freePort, type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { runSlipway } from "../test/run-slipway.ts";
import { type StateFixture, stateFixture } from "../test/state-fixture.ts";

let fixture: LocalAwsFixture;
let aws: StateFixture;

beforeAll(async () => {
  fixture = await localAwsFixture();
});

afterAll(async () => {
  aws?.close();
  await fixture.close();
});

const json = (stdout: string) => JSON.parse(stdout) as { verdict: string; evidence: Evidence[] };

describe("slipway validate", () => {
  it.each<[string, string[], RegExp]>([
    ["an unknown environment", ["qa"], /environment: there is no 'qa'/],
    ["an unknown format", ["prod", "--output", "yaml"], /Allowed choices are text, json/],
    ["an unknown window", ["prod", "--window", "week"], /Allowed choices are immediate, short, extended/],
    ["a time without a window", ["prod", "--released-at", "5m"], /--released-at: is for --window immediate, short or/],
    ["no smoke test without a window", ["prod", "--no-smoke"], /--no-smoke: is for --window immediate, short or/],
    ["a sign-off too early", ["--window", "short", "--sign-off", "Jane"], /--sign-off: is for --window extended/],
    ["feedback of nobody", ["--window", "extended", "--feedback", "negative"], /--feedback: nobody answers for it/],
    ["a note of nobody", ["--window", "extended", "--note", "fine"], /--note: nobody answers for it/],
    ["a nameless sign-off", ["--window", "extended", "--sign-off", " "], /--sign-off: is empty/],
    ["an empty note", ["--window", "extended", "--sign-off", "Jane", "--note", ""], /--note: is empty/],
  ])("answers %s with exit code 2: 1 would mean that a check failed", async (_name, words, message) => {
    const { code, stdout, stderr } = await runSlipway(["validate", ...words]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });

  it("knows nothing where no local AWS runs, where nothing was rehearsed, and where there is no state bucket", async () => {
    const nobody = String(await freePort());
    const { code, stderr } = await runSlipway(["validate", "prod", "--local", "--port", nobody]);
    expect(code).toBe(2);
    expect(stderr).toContain(`Start and fill it with \`slipway rehearse --port ${nobody}\``);

    const port = String(fixture.localAws.port);
    const bare = await runSlipway(["validate", "staging", "--port", port], { env: process.env });
    expect(bare.code).toBe(2);
    expect(bare.stderr).toContain(`Rehearse it first: slipway rehearse staging --once --port ${port}\n`);

    aws = await stateFixture(fixture.localAws.endpoint);
    const env = { ...process.env, AWS_ENDPOINT_URL: "not a url" };
    const noUrl = await runSlipway(["validate", "prod"], { env });
    expect(noUrl.code).toBe(2);
    expect(noUrl.stderr).toMatch(/AWS_ENDPOINT_URL: 'not a url' is no URL/);
  });

  it("measures nothing for a window where nothing is deployed, and says how to", async () => {
    const { code, stdout, stderr } = await aws.run(["validate", "staging", "--window", "short"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("staging is not deployed on the AWS at");
    expect(stderr).toContain("Apply infrastructure/environments/staging with Terraform first");
  });

  it("refuses a release that is yet to come: nothing could be measured since", async () => {
    await aws.putState("staging", [{ type: "aws_iam_policy", attributes: { id: "p" } }]);
    const words = ["validate", "staging", "--window", "short", "--released-at", "2999-01-01"];
    const { code, stdout, stderr } = await aws.run(words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/--released-at: 2999-01-01T00:00:00Z is yet to come: on the AWS at .* it is \d{4}-/);
  });

  it("finds that an environment was never applied, or is destroyed, and says how to", async () => {
    const never = await aws.run(["validate", "prod", "--no-plan"]);
    expect(never.code).toBe(1);
    expect(never.stdout).toContain("FAIL     The environment is deployed");
    expect(never.stdout).toContain("s3://terraform-state/prod/terraform.tfstate does not");
    expect(never.stdout).toContain("apply infrastructure/environments/prod with Terraform first");

    await aws.putState("prod", []);
    const destroyed = await aws.run(["validate", "prod", "--no-plan", "--output", "json"]);
    expect(destroyed.code).toBe(1);
    await golden("validate", destroyed.stdout);
    expect(json(destroyed.stdout)).toMatchObject({
      verdict: "fail",
      evidence: [{ check: "deployment.exists", found: expect.stringContaining("holds nothing") }],
    });
  });

  it("fails for what is missing, and does not know what it did not look at", async () => {
    await aws.putState("dev", [{ type: "aws_dynamodb_table", attributes: { id: "items-dev", name: "items-dev" } }]);
    const missing = await aws.run(["validate", "dev", "--no-plan"]);
    expect(missing.code).toBe(1);
    expect(missing.stdout).toMatch(/^FAIL {5}aws_dynamodb_table\.r0 can be looked at/m);
    expect(missing.stdout).toMatch(/^UNKNOWN {2}The API answers$/m);
    expect(missing.stdout.trimEnd().replace(/\s+/g, " ")).toMatch(
      /dev on .* is NOT well: 1 of 3 checks failed, 2 unknown\.$/,
    );
    expect(missing.stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);

    await aws.putState("dev", [{ type: "aws_iam_policy", attributes: { id: "p" } }]);
    const unknown = await aws.run(["validate", "dev", "--no-plan"]);
    expect(unknown.code).toBe(2);
    expect(unknown.stdout.trimEnd().replace(/\s+/g, " ")).toMatch(/Nobody knows whether dev on .* is well/);
  });

  it("is interrupted by Ctrl-C, which is neither a verdict nor a bug", async () => {
    const { code, stdout, stderr } = await aws.run(["validate", "dev", "--no-plan"], AbortSignal.abort());
    expect([code, stdout]).toEqual([130, ""]);
    expect(stderr).not.toContain("bug");
  });
});
