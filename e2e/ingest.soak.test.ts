import { expect, test } from "vitest";
import { ingest } from "./ingest/ingest.ts";

const SECONDS = 30;
const PER_SECOND = 20_000;
/** The last batch leaves an interval before the end; what comes after the end was too late. */
const GRACE_MS = 1_000;

test("20,000 data points and 20,000 log events a second, together, for 30 s: the pace is kept, and each is there once", async () => {
  const { metricDataPoints, logEvents, generated, cpuSeconds } = await ingest({
    seconds: SECONDS,
    perSecond: PER_SECOND,
  });
  const { metrics, logs, cpuSeconds: generatorSeconds } = generated;
  console.log(
    `ingest: metrics in ${Math.round(metrics.elapsedMs)} ms, logs in ${Math.round(logs.elapsedMs)} ms, ` +
      `${cpuSeconds.toFixed(1)} s of processor time for local AWS, ${generatorSeconds.toFixed(1)} s for the clients`,
  );

  expect({ metricDataPoints, logEvents }).toEqual({
    metricDataPoints: SECONDS * PER_SECOND,
    logEvents: SECONDS * PER_SECOND,
  });
  expect(metrics.elapsedMs).toBeLessThan(SECONDS * 1000 + GRACE_MS);
  expect(logs.elapsedMs).toBeLessThan(SECONDS * 1000 + GRACE_MS);
});
