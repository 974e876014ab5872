import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort, type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { runSlipway } from "../test/run-slipway.ts";

let fixture: LocalAwsFixture;

beforeAll(async () => {
  fixture = await localAwsFixture();
});

afterAll(() => fixture.close());

describe("slipway local traffic", () => {
  it.each<[string, string[], RegExp]>([
    ["a time that is none", ["--over", "long"], /--over: 'long' is no length of time/],
    ["no requests", ["--requests", "0"], /--requests: '0' is no whole number of at least 1/],
    ["half a request", ["--requests", "1.5"], /--requests: '1\.5' is no whole number/],
    ["a step beyond the end", ["--over", "5m", "--step", "1h"], /--step: 1h is longer than --over 5m/],
    ["an unknown profile", ["--profile", "weekly"], /Allowed choices are steady, daily/],
    ["an unknown environment", ["qa"], /environment: there is no 'qa'/],
  ])("refuses %s", async (_name, words, message) => {
    const { code, stdout, stderr } = await fixture.local("traffic", ...words);
    expect([code, stdout]).not.toEqual([0, expect.anything()]);
    expect(stderr).toMatch(message);
  });

  it("never sends anything to AWS: without a local AWS it does nothing, wherever the shell's credentials lead", async () => {
    const port = String(await freePort());
    const env = { AWS_ENDPOINT_URL: "https://dynamodb.us-east-1.amazonaws.com" };
    const { code, stderr } = await runSlipway(["local", "traffic", "prod", "--port", port], { env });
    expect(code).toBe(1);
    expect(stderr).toContain(`No local AWS answers on port ${port}.`);
  });

  it("says how to rehearse where nothing was", async () => {
    const { code, stderr } = await fixture.local("traffic", "prod");
    expect(code).toBe(1);
    expect(stderr).toContain("Nothing was rehearsed on local AWS");
    expect(stderr).toContain("slipway rehearse prod --once --port");
  });
});
