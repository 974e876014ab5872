import { afterAll, beforeAll, expect, test } from "vitest";
import { type ValidatedEnvironment, validatedEnvironment } from "./validation/validated-environment.ts";

const LIMIT_MS = 30_000;

let live: ValidatedEnvironment;

beforeAll(async () => {
  live = await validatedEnvironment();
});

afterAll(async () => {
  await live?.stop();
});

test("24 hours with 1,000 requests, and their validation, take less than 30 s", async () => {
  const startedAt = performance.now();
  const { code, stderr } = await live.slipway(
    ...["local", "traffic", "live", "--over", "24h", "--requests", "1000", "--profile", "daily"],
  );
  expect(code, stderr).toBe(0);
  const sentMs = performance.now() - startedAt;
  const { verdict, measurements } = await live.validate("--sign-off", "Jane Doe");
  const tookMs = performance.now() - startedAt;

  expect(verdict).toBe("pass");
  expect(measurements.metrics).toMatchObject({ value: { stages: [{ requests: expect.closeTo(1_000, -2) }] } });
  console.log(`traffic ${Math.round(sentMs)} ms, with its validation ${Math.round(tookMs)} ms`);
  expect(tookMs).toBeLessThan(LIMIT_MS);
});
