import { afterAll, beforeAll, expect, test } from "vitest";
import { QueryLoad } from "./insights/query-load.ts";

const EVENTS = 1_000_000;
const MAX_SECONDS = 3;
/** Of the whole process, with its servers and whatever the queries of this file take. */
const MAX_PEAK_MB = 500;

let load: QueryLoad;

beforeAll(async () => {
  load = await QueryLoad.start(EVENTS);
}, 10 * 60_000);

afterAll(() => load.stop());

test("a million events are counted by five minutes in under 3 seconds", async () => {
  const { seconds, rows, statistics } = await load.run("stats count() by bin(5m)");
  console.log(`stats count() by bin(5m) of ${EVENTS} events: ${seconds.toFixed(2)} s`);
  expect(rows).toEqual(load.expectedCounts());
  expect(statistics).toMatchObject({ recordsScanned: EVENTS, recordsMatched: EVENTS });
  expect(seconds).toBeLessThan(MAX_SECONDS);
});

test("queries that read and remember much stay within their memory", async () => {
  const before = load.memoryMb("now");
  const byOperation = await load.run(
    "stats count(*) as calls, pct(durationMs, 50) as p50, count_distinct(requestId) as requests by operation | sort operation",
  );
  expect(byOperation.rows.map(({ requests: _requests, ...exact }) => exact)).toEqual(load.expectedDurations());
  for (const { requests } of byOperation.rows) {
    expect(Math.abs(Number(requests) / 333_333 - 1)).toBeLessThan(0.03);
  }
  const slowest = await load.run("fields @message, durationMs | sort durationMs desc | limit 10000");
  expect(slowest.rows).toHaveLength(10_000);
  expect(new Set(slowest.rows.map(({ durationMs }) => Number(durationMs)))).toEqual(
    new Set(Array.from({ length: 10 }, (_, index) => (990 + index) / 10)),
  );
  const peak = load.memoryMb("peak");
  console.log(`memory of the process: ${before?.toFixed(0)} MB before, ${peak?.toFixed(0)} MB at the most`);
  expect(peak, "the peak was read").toBeGreaterThan(before ?? 0);
  expect(peak).toBeLessThan(MAX_PEAK_MB);
});
