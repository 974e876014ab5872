import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { golden } from "../test/golden.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { runSlipway } from "../test/run-slipway.ts";

let fixture: LocalAwsFixture;

beforeAll(async () => {
  fixture = await localAwsFixture();
});

afterAll(() => fixture.close());

const here = () => ["--port", String(fixture.localAws.port)];

describe("slipway orphans", () => {
  it("is incomplete, not clean, where there is no state to compare with", async () => {
    const { code, stdout } = await runSlipway(["orphans", "all", "sns", ...here()]);

    expect(code).toBe(2);
    expect(stdout).toContain("state bootstrap: failed");
    expect(stdout).toContain("NoSuchBucket");
  });

  it.each([
    [["orphans", "qa"], /environment: there is no 'qa'\. Type all, or one of .*prod/],
    [["orphans", "all", "ec2"], /argument value 'ec2' is invalid/],
    [["orphans", "all", "--timeout", "soon"], /--timeout: 'soon' is no duration/],
  ])("answers %j with exit code 2: 1 would mean that there are orphans", async (words, message) => {
    const { code, stdout, stderr } = await runSlipway([...words, ...here()]);

    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });

  it("names a state file that is not there", async () => {
    const words = ["orphans", "all", "sns", ...here(), "--state", "nowhere.tfstate"];
    const { code, stdout } = await runSlipway(words);
    await golden("orphans", (await runSlipway([...words, "--output", "json"])).stdout);

    expect(code).toBe(2);
    expect(stdout).toContain("state nowhere.tfstate: failed");
  });
});
