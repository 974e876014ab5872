import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type CloudWatchHarness, cloudWatchHarness } from "../cloudwatch-harness.ts";
import { MetricStore } from "../metric-store.ts";
import { putAlarmsOfAService, recordMinutes } from "./alarms-of-a-service.ts";

// What an evaluation costs is what it reads: counted, since a clock says something about the machine.

const MINUTES = 120;
/** Different metrics of the alarms, which some of them share. */
const METRICS = 13;

let aws: CloudWatchHarness;

beforeEach(async () => {
  aws = await cloudWatchHarness();
  await putAlarmsOfAService(aws);
  // The first look reads what there is.
  await aws.nextMinute();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await aws.dispose();
});

/** How often the store is read while the clock goes on. */
async function readsIn(minutes: number, each: () => void = () => {}): Promise<number> {
  const read = vi.spyOn(MetricStore.prototype, "read");
  for (let minute = 0; minute < minutes; minute++) {
    each();
    await aws.nextMinute();
  }
  return read.mock.calls.length;
}

test("without new data nothing is read", async () => {
  expect(await readsIn(MINUTES)).toBe(0);
});

test("with new data each metric is read once a minute, whatever the number of alarms and how far they look back", async () => {
  expect(await readsIn(MINUTES, () => recordMinutes(aws, 1))).toBeLessThanOrEqual(METRICS * MINUTES);
});

test("data that came before are read once", async () => {
  recordMinutes(aws, MINUTES);
  expect(await readsIn(MINUTES)).toBeLessThanOrEqual(2 * METRICS);
});
