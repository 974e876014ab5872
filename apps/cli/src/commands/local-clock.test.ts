import { afterAll, beforeAll, expect, test } from "vitest";
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

  expect(advanced.stdout).toMatch(/Z \(5400000 ms ahead of the wall clock\)\n$/);
  const { clock, clockOffsetMs } = JSON.parse(stdout) as { clock: string; clockOffsetMs: number };
  expect({ code, clockOffsetMs }).toEqual({ code: 0, clockOffsetMs: 5_400_000 });
  expect(Math.abs(Date.parse(clock) - Date.now() - clockOffsetMs)).toBeLessThan(5_000);
});

test.each([
  [["advance"], "slipway: duration: missing. Type, for example: slipway local clock advance 24h\n"],
  [["advance", "soon"], "slipway: duration: 'soon' is no duration. Write it like 200ms, 30s, 5m, 1h30m or 7d.\n"],
])("clock %j is refused with what to type", async (words, stderr) => {
  expect(await fixture.local("clock", ...words)).toEqual({ code: 1, stdout: "", stderr });
});
