import { afterAll, beforeAll, expect, test } from "vitest";
import { golden } from "../test/golden.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";

let fixture: LocalAwsFixture;

beforeAll(async () => {
  fixture = await localAwsFixture();
});

afterAll(() => fixture.close());

test("shows the wall clock until it is moved, and then by how much", async () => {
  const { local } = fixture;
  expect((await local("clock")).stdout).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z \(wall clock\)\n$/);

  const advanced = await local("clock", "advance", "1h30m");
  const { code, stdout } = await local("clock", "show", "--output", "json");

  const { clock, clockOffsetMs } = JSON.parse(stdout) as { clock: string; clockOffsetMs: number };
  expect(code).toBe(0);
  await golden("local clock", stdout);
  // The wall clock went on while what fell due was done.
  expect(Math.abs(clockOffsetMs - 5_400_000)).toBeLessThan(5_000);
  expect(advanced.stdout).toMatch(new RegExp(`Z \\(${clockOffsetMs} ms ahead of the wall clock\\)\n$`));
  expect(Math.abs(Date.parse(clock) - Date.now() - clockOffsetMs)).toBeLessThan(5_000);
});

test.each([
  [["advance"], "slipway: duration: missing. Type, for example: slipway local clock advance 24h\n"],
  [["advance", "soon"], "slipway: duration: 'soon' is no duration. Write it like 200ms, 30s, 5m, 1h30m or 7d.\n"],
])("clock %j is refused with what to type", async (words, stderr) => {
  expect(await fixture.local("clock", ...words)).toEqual({ code: 1, stdout: "", stderr });
});
