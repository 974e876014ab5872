import { afterAll, beforeAll, expect, test } from "vitest";
import { golden } from "../test/golden.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";

let fixture: LocalAwsFixture;

beforeAll(async () => {
  fixture = await localAwsFixture();
});

afterAll(() => fixture.close());

test("save, list, restore and delete; what was planted comes back with the state", async () => {
  const { local } = fixture;
  expect((await local("snapshot")).stdout).toMatch(/^There are no snapshots\. Save one with: /);
  await local("faults", "add", "--kind", "throttle", "--service", "s3");

  expect((await local("snapshot", "save", "one")).stdout).toBe(
    "Saved 'one'. Bring it back with: slipway local snapshot restore one\n",
  );
  await local("faults", "clear");
  expect((await local("snapshot", "list")).stdout).toMatch(/^one\s+\d{4}-\d\d-\d\dT/);
  expect((await local("snapshot", "restore", "one")).stdout).toBe("Local AWS is as it was in 'one'.\n");
  expect((await local("faults")).stdout).toMatch(/throttle\s+s3/);

  await golden("local snapshot", (await local("snapshot", "list", "--output", "json")).stdout, "list");
  await golden("local snapshot", (await local("snapshot", "save", "two", "--output", "json")).stdout, "save");
  await local("snapshot", "delete", "two");
  expect((await local("snapshot", "delete", "one")).stdout).toBe("Deleted 'one'.\n");
  expect((await local("snapshot", "list", "--output", "json")).stdout).toBe('{"version":1,"snapshots":[]}\n');
});

test.each([
  [["save"], /^slipway: name: missing\. Type: slipway local snapshot save NAME\n$/],
  [["restore", "nowhere"], /^slipway: There is no snapshot 'nowhere'\./],
  [["delete", "nowhere"], /^slipway: There is no snapshot 'nowhere'\./],
  [["save", "../up"], /^slipway: '\.\.\/up' cannot name a snapshot: use 1 to 64 letters/],
])("snapshot %j is refused with what to do", async (words, message) => {
  const { code, stdout, stderr } = await fixture.local("snapshot", ...words);

  expect(stderr).toMatch(message);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
});
