import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type TestCore, testCore } from "../../test/test-core.ts";
import type { PointValues } from "./aggregate.ts";
import { MetricStore } from "./metric-store.ts";
import { mergeByPeriod } from "./periods.ts";
import { statisticNamed } from "./statistic.ts";

let core: TestCore;
let store: MetricStore;
/** Seconds, at a full hour. */
let hour: number;

beforeEach(() => {
  core = testCore();
  store = new MetricStore(core);
  hour = Math.floor(core.clock.now() / 3_600_000) * 3600;
});

afterEach(() => {
  vi.useRealTimers();
  store.close();
  core.dispose();
});

const metric = (name: string, dimensions: Record<string, string> = {}) => ({ namespace: "App", name, dimensions });
const valuesOf = (values: readonly number[]): PointValues => ({ kind: "values", values, counts: undefined });

function put(name: string, second: number, values: readonly number[], dimensions: Record<string, string> = {}): void {
  store.put([
    {
      metric: metric(name, dimensions),
      unit: "Count",
      time: (hour + second) * 1000,
      perSecond: false,
      values: valuesOf(values),
    },
  ]);
}

function read(name: string, statistic: string, period = 3600): number | undefined {
  const points = store.read(metric(name), hour, hour + 3600, period);
  const merged = mergeByPeriod(points, { start: hour, end: hour + 3600, period });
  return [...merged.values()].map((aggregate) => statisticNamed(statistic, "Stat").of(aggregate))[0];
}

test("what minutes know exactly, an hour knows exactly", () => {
  const minutes = [0, 1, 2, 3].map((minute) => Array.from({ length: 500 }, (_, n) => 1000.001 + n * 4 + minute));
  for (const [minute, values] of minutes.entries()) {
    put("m", minute * 60, values);
  }
  // Between the edges of bins: 2,000 values in one hour, 500 in any minute.
  expect(read("m", "TC(:1500.0005)")).toBe(minutes.flat().filter((value) => value <= 1500.0005).length);
  expect(read("m", "p50")).toBe(1999.001);
});

test("dimensions tell series apart in whatever order they come", () => {
  put("m", 0, [1], { a: "1", b: "2" });
  put("m", 0, [2], { b: "2", a: "1" });
  put("m", 0, [4], { a: "2", b: "1" });
  const listed = store.series.list({ dimensions: [], seenSince: 0, afterId: 0 }, 10);
  expect(listed.map(({ dimensions }) => dimensions)).toEqual([
    { a: "1", b: "2" },
    { a: "2", b: "1" },
  ]);
  expect(store.read(metric("m", { b: "2", a: "1" }), hour, hour + 60, 60)[0]?.aggregate.sum).toBe(3);
});

test("series are listed page by page, while new ones come", () => {
  for (const name of ["a", "b", "c"]) {
    put(name, 0, [1]);
  }
  const page = (afterId: number) => store.series.list({ dimensions: [], seenSince: 0, afterId }, 2);
  const first = page(0);
  put("d", 0, [1]);
  const second = page(first.at(-1)?.id ?? 0);
  put("e", 0, [1]);
  const third = page(second.at(-1)?.id ?? 0);
  expect([first, second, third].map((each) => each.map(({ name }) => name))).toEqual([["a", "b"], ["c", "d"], ["e"]]);
});

const rows = () => ({
  journal: (core.store.database.prepare("SELECT COUNT(*) AS n FROM monitoring_journal").get() as { n: number }).n,
  points: (core.store.database.prepare("SELECT COUNT(*) AS n FROM monitoring_points").get() as { n: number }).n,
});

test("what is put is in the journal at once, and in a row five seconds later", () => {
  vi.useFakeTimers();
  put("m", 0, [1]);
  put("m", 1, [2]);
  expect(rows()).toEqual({ journal: 2, points: 0 });
  vi.advanceTimersByTime(5000);
  expect(rows()).toEqual({ journal: 0, points: 1 });
  expect(read("m", "Sum")).toBe(3);
});

test("what traffic records is in a row a second later, with what was put before", () => {
  vi.useFakeTimers();
  put("m", 0, [1]);
  store.addValue(metric("m"), "Count", (hour + 2) * 1000, 5, { count: 3, perSecond: false });
  vi.advanceTimersByTime(1000);
  expect(rows()).toEqual({ journal: 0, points: 1 });
  expect([read("m", "Sum"), read("m", "SampleCount")]).toEqual([16, 4]);
});

test("data of a great many minutes is merged without being held in memory", () => {
  const minutes = Array.from({ length: 25_000 }, (_, minute) => minute);
  for (let from = 0; from < minutes.length; from += 1000) {
    store.put(
      minutes.slice(from, from + 1000).map((minute) => ({
        ...{ metric: metric(`m${minute % 50}`), unit: "Count", perSecond: false, values: valuesOf([1]) },
        time: (hour - minute * 60) * 1000,
      })),
    );
  }
  expect(rows().journal).toBeLessThanOrEqual(25);
  put("m0", 0, [1]);
  store.flush();
  expect(rows()).toEqual({ journal: 0, points: 25_000 });
  // Read back from its row, as it had been let go of.
  expect(read("m0", "Sum", 60)).toBe(2);
});

test("a put that cannot be kept leaves nothing behind, and the next one is as before", () => {
  put("m", 0, [1]);
  core.store.database.exec("ALTER TABLE monitoring_journal RENAME TO hidden");
  expect(() => put("new", 0, [1])).toThrow("monitoring_journal");
  core.store.database.exec("ALTER TABLE hidden RENAME TO monitoring_journal");
  expect(store.series.list({ dimensions: [], seenSince: 0, afterId: 0 }, 10).map(({ name }) => name)).toEqual(["m"]);
  put("new", 0, [7]);
  expect([read("m", "Sum"), read("new", "Sum")]).toEqual([1, 7]);
});

/** Does something while nothing can be written to a table, as if the disk were full. */
function whileFull(table: string, what: "INSERT" | "DELETE", work: () => void): void {
  const { database } = core.store;
  database.exec(`CREATE TRIGGER full BEFORE ${what} ON ${table} BEGIN SELECT RAISE(ABORT, 'disk is full'); END`);
  work();
  database.exec("DROP TRIGGER full");
}

test("a put that is in the journal is taken, though it cannot be merged yet", () => {
  const points = Array.from({ length: 20_001 }, (_, minute) => ({
    ...{ metric: metric("m"), unit: "Count", perSecond: false, values: valuesOf([1]) },
    time: (hour - minute * 60) * 1000,
  }));
  whileFull("monitoring_points", "INSERT", () => {
    store.put(points);
    expect(() => store.flush()).toThrow("disk is full");
  });
  store.flush();
  expect(rows()).toEqual({ journal: 0, points: 20_001 });
});

test("points that could not be rolled up are rolled up once the next time", async () => {
  put("m", -60, [2, 3]);
  put("other", 0, [1]);
  store.flush();
  await core.clock.advance(16 * 86_400_000);
  core.store.database.exec("DELETE FROM monitoring_points WHERE series = 2");
  // Series go last, when everything has been rolled up in memory.
  whileFull("monitoring_series", "DELETE", () => expect(() => store.expire()).toThrow("disk is full"));
  store.expire();
  const points = store.read(metric("m"), hour - 3600, hour, 300);
  expect(points.map(({ aggregate: { sum, count } }) => [sum, count])).toEqual([[5, 2]]);
});

test("two weeks of minutes of one metric are taken in as those of many are", () => {
  const timeOf = (series: number): number => {
    const began = performance.now();
    store.put(
      Array.from({ length: 20_000 }, (_, minute) => ({
        ...{
          metric: metric(`${minute % series} of ${series}`),
          unit: "Count",
          perSecond: false,
          values: valuesOf([1]),
        },
        time: (hour - minute * 60) * 1000,
      })),
    );
    return performance.now() - began;
  };
  const many = timeOf(500);
  // About the same; looking through all of a metric's minutes for each one takes thirty times as long.
  expect(timeOf(1)).toBeLessThan(5 * many);
});

test("points that are rolled up twice in one go, after weeks of rest, count once", async () => {
  put("m", 0, [1]);
  put("m", 180, [2]);
  const goTo = (second: number) => core.clock.advance((hour + second) * 1000 - core.clock.now());
  // Between two minutes of the same five.
  await goTo(15 * 86_400 + 120);
  store.expire();
  await goTo(70 * 86_400);
  store.expire();
  store.expire();
  const points = store.read(metric("m"), hour, hour + 3600, 3600);
  expect(points.map(({ aggregate: { sum, count } }) => [sum, count])).toEqual([[3, 2]]);
});

test("more points than are held in memory are rolled up completely", async () => {
  const stretches = Array.from({ length: 20_500 }, (_, index) => index);
  store.put(
    stretches.map((index) => ({
      ...{ metric: metric(`m${index % 100}`), unit: "Count", perSecond: false, values: valuesOf([1]) },
      time: (hour - Math.floor(index / 100) * 300) * 1000,
    })),
  );
  await core.clock.advance(16 * 86_400_000);
  store.expire();
  const { database } = core.store;
  expect(
    database.prepare("SELECT resolution, COUNT(*) AS n, SUM(count) AS total FROM monitoring_points").get(),
  ).toEqual(expect.objectContaining({ resolution: 300, n: 20_500, total: 20_500 }));
});
