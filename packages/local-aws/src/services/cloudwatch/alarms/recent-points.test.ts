import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestCore, testCore } from "../../../test/test-core.ts";
import { MetricStore, type StoredPoint } from "../metric-store.ts";
import { RecentPoints } from "./recent-points.ts";

let core: TestCore;
let store: MetricStore;
let recent: RecentPoints;

beforeEach(() => {
  core = testCore();
  store = new MetricStore(core);
  recent = new RecentPoints(store);
});

afterEach(() => core.dispose());

const metric = { namespace: "App", name: "Load", dimensions: { Host: "a" } };
const minuteOf = (seconds: number) => seconds - (seconds % 60);
const summary = (points: readonly StoredPoint[]) => points.map(({ time, aggregate }) => [time, aggregate.sum]);

function add(time: number, value: number, perSecond = false): void {
  const options = { count: 1, perSecond };
  store.addValue(metric, "None", time * 1000, value, options);
}

/** Numbers from 0 to 1, the same each time. */
function random(): () => number {
  let state = 7;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

test("whatever is written, and whenever, it reads what the store has", () => {
  const next = random();
  const start = minuteOf(Math.floor(core.clock.now() / 1000));
  for (let round = 0; round < 400; round++) {
    const now = start + round * 60;
    const howMany = Math.floor(next() * 3);
    for (let index = 0; index < howMany; index++) {
      // Now, late, very late, or from the future.
      const shift = [0, -120, -3_600, 600][Math.floor(next() * 4)] as number;
      add(now + shift + Math.floor(next() * 60), Math.floor(next() * 100), next() < 0.5);
    }
    recent.refresh();
    const span = [180, 900, 7_200][Math.floor(next() * 3)] as number;
    for (const period of [60, 10]) {
      const [from, to] = [now - span, now + (next() < 0.2 ? 1_200 : 0)];
      const expected = summary(store.read(metric, from, to, period));
      expect(summary(recent.read(metric, from, to, period))).toEqual(expected);
    }
  }
});

test("a metric that was forgotten and comes back is found again", async () => {
  const before = minuteOf(Math.floor(core.clock.now() / 1000));
  add(before, 1);
  recent.refresh();
  expect(recent.read(metric, before, before + 60, 60)).toHaveLength(1);
  await core.clock.advance(500 * 86_400_000);
  store.expire();
  store.expire();
  store.expire();
  expect(store.series.find(metric)).toBeUndefined();
  const after = minuteOf(Math.floor(core.clock.now() / 1000));
  recent.refresh();
  recent.read(metric, after, after + 60, 60);
  add(after, 2);
  recent.refresh();
  expect(summary(recent.read(metric, after, after + 60, 60))).toEqual([[after, 2]]);
});

test("what looks further back than two days is read from the store", () => {
  const now = minuteOf(Math.floor(core.clock.now() / 1000));
  add(now - 5 * 86_400, 1);
  add(now, 2);
  recent.refresh();
  expect(recent.read(metric, now - 7 * 86_400, now + 60, 86_400)).toHaveLength(2);
});
