import type { RequestLogEntry } from "@slipway/local-aws";
import { afterAll, beforeAll, expect, test } from "vitest";
import { golden } from "../test/golden.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";

let fixture: LocalAwsFixture;

beforeAll(async () => {
  fixture = await localAwsFixture();
});

afterAll(() => fixture.close());

test("shows the latest requests, with what came of them", async () => {
  const { local, localAws } = fixture;
  expect((await local("requests")).stdout).toBe("No requests yet.\n");
  // Unsigned: refused, and in the log all the same.
  for (const target of ["DynamoDB_20120810.ListTables", "DynamoDB_20120810.DescribeTable"]) {
    await fetch(localAws.endpoint, { method: "POST", headers: { "X-Amz-Target": target }, body: "{}" });
  }

  const { stdout } = await local("requests");
  const last = await local("requests", "--last", "1", "--output", "json");

  expect(stdout).toMatch(/^[\d:.]+ +4\d\d +[\d.]+ ms +dynamodb:ListTables +\w+/m);
  const { requests } = JSON.parse(last.stdout) as { requests: RequestLogEntry[] };
  await golden("local requests", last.stdout);
  expect(requests.map(({ operation }) => operation)).toEqual(["DescribeTable"]);
});

test.each(["0", "all", "-3"])("--last %s is refused", async (last) => {
  expect(await fixture.local("requests", `--last=${last}`)).toEqual({
    code: 1,
    stdout: "",
    stderr: `slipway: --last: '${last}' is no number of requests.\n`,
  });
});
