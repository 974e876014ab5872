import { expect, test } from "vitest";
import { ingest } from "./ingest/ingest.ts";

// A sample; `npm run test:soak` sends 20,000 of each a second for 30 s, and looks at the clock as well.
test("of data points and log events that come thick and fast, each is there once", async () => {
  expect(await ingest({ seconds: 1, perSecond: 20_000 })).toMatchObject({
    metricDataPoints: 20_000,
    logEvents: 20_000,
  });
});
