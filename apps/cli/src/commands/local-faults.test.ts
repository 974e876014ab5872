import type { FaultRule } from "@slipway/local-aws";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { golden } from "../test/golden.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";

let fixture: LocalAwsFixture;

beforeAll(async () => {
  fixture = await localAwsFixture();
});

beforeEach(async () => {
  await fixture.local("faults", "clear");
});

afterAll(() => fixture.close());

test("a fault is planted with all that was said, listed, and taken away", async () => {
  const { local } = fixture;
  const where = ["--service", "dynamodb", "--operation", "Put*", "--resource", "items-prod"];
  const how = ["--kind", "delay", "--delay", "200ms", "--rate", "0.2", "--count", "7"];

  const added = await local("faults", "add", ...how, ...where);
  const listed = await local("faults", "--output", "json");
  await golden("local faults", listed.stdout);
  const { faults } = JSON.parse(listed.stdout) as { faults: FaultRule[] };
  const [rule] = faults;

  expect(added.code).toBe(0);
  expect(added.stdout).toMatch(/delay 200ms\s+dynamodb:Put\* on items-prod\s+0\.2\s+7\s+0/);
  expect(rule).toMatchObject({
    ...{ kind: "delay", delayMs: 200, service: "dynamodb", operation: "Put*" },
    ...{ resource: "items-prod", rate: 0.2, remaining: 7, hits: 0 },
  });
  expect(await local("faults", "remove", rule?.id ?? "")).toEqual({
    code: 0,
    stdout: "No faults are planted.\n",
    stderr: "",
  });
});

test("clear takes all away", async () => {
  const { local } = fixture;
  await local("faults", "add", "--kind", "throttle");
  await local("faults", "add", "--kind", "error", "--service", "s3");

  const { stdout } = await local("faults", "clear");

  expect(stdout).toBe("No faults are planted.\n");
});

test.each([
  [["add"], /^slipway: --kind: missing\. One of throttle, .*lost-answer\.\n$/],
  [["add", "--kind", "throttle", "--rate", "often"], /^slipway: --rate: 'often' is no number\.\n$/],
  [
    ["add", "--kind", "throttle", "--rate", "1.5"],
    /^slipway: rate: expected a number above 0 and up to 1, got 1\.5\.\n$/,
  ],
  [["add", "--kind", "throttle", "--count", "0"], /^slipway: count: expected a whole number of at least 1, got 0\.\n$/],
  [["add", "--kind", "delay"], /^slipway: delay: expected 1 to 600000 milliseconds, got nothing\.\n$/],
  [["add", "--kind", "delay", "--delay", "long"], /^slipway: --delay: 'long' is no duration\./],
  [["remove"], /^slipway: id: missing\. `slipway local faults` lists them\.\n$/],
  [["remove", "nobody"], /^slipway: There is no fault 'nobody'\. `slipway local faults` lists them\.\n$/],
])("faults %j is refused, naming the flag", async (words, message) => {
  const { code, stdout, stderr } = await fixture.local("faults", ...words);

  expect(stderr).toMatch(message);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect((await fixture.local("faults")).stdout).toBe("No faults are planted.\n");
});
