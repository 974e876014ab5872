import { expect, it } from "vitest";
import { systemClock } from "./system-clock.ts";

it("waits, and stops waiting on a signal", async () => {
  const startedAt = systemClock.now();
  await systemClock.sleep(20);
  const waited = systemClock.now() - startedAt;
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 5);

  await systemClock.sleep(60_000, abort.signal);
  await systemClock.sleep(60_000, abort.signal);

  expect(waited).toBeGreaterThanOrEqual(19);
  expect(systemClock.now() - startedAt).toBeLessThan(5_000);
});
