import { expect, test } from "vitest";
import { cloudWatchHarness } from "../cloudwatch-harness.ts";
import { putAlarmsOfAService, recordMinutes } from "./alarms-of-a-service.ts";

const DAY_MS = 86_400_000;
const MINUTES = DAY_MS / 60_000;
const LIMIT_MS = 3_000;

test.each([
  ["without data", 0],
  ["with data of every minute", MINUTES],
])(
  "a day of twelve alarms, %s, passes in under three seconds",
  async (_what, minutes) => {
    const aws = await cloudWatchHarness();
    await putAlarmsOfAService(aws);
    recordMinutes(aws, minutes);
    const before = performance.now();
    await aws.core.clock.advance(DAY_MS);
    const took = performance.now() - before;
    const { MetricAlarms = [] } = await aws.call("DescribeAlarms", {});
    expect(MetricAlarms.map(({ StateValue }) => StateValue)).not.toContain(
      minutes > 0 ? "INSUFFICIENT_DATA" : undefined,
    );
    await aws.dispose();
    expect(took).toBeLessThan(LIMIT_MS);
  },
  60_000,
);
