import { ManualClock } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { FastForwardClock, type InEachStep } from "./fast-forward-clock.ts";

const HOUR_MS = 3_600_000;

/** A local AWS whose time is ahead by so much, and the clock that moves it. */
function arrange(offsetMs: number, meanwhile?: (system: ManualClock) => InEachStep) {
  const system = new ManualClock();
  const moved: number[] = [];
  let ahead = offsetMs;
  const time = {
    advance: async (milliseconds: number) => {
      moved.push(milliseconds);
      ahead += milliseconds;
      return new Date(system.now() + ahead).toISOString();
    },
  };
  return { system, moved, clock: new FastForwardClock(system, time, offsetMs, meanwhile?.(system)), time };
}

describe("FastForwardClock", () => {
  it("moves local AWS's time by the minute, and waits for nothing", async () => {
    const { system, clock, moved } = arrange(HOUR_MS);
    const before = system.now();
    expect(clock.now()).toBe(before + HOUR_MS);
    await clock.sleep(150_000);
    expect(moved).toEqual([60_000, 60_000, 30_000]);
    expect(clock.now()).toBe(before + HOUR_MS + 150_000);
    expect(system.now()).toBe(before);
  });

  it("passes over a day in no more than 96 steps, each of whole minutes but the last", async () => {
    const steps: number[] = [];
    const { clock, moved } = arrange(
      0,
      () =>
        async ({ index, of }) =>
          void steps.push(index, of),
    );
    const before = clock.now();
    await clock.sleep(23 * HOUR_MS + 30_000);
    expect(moved).toHaveLength(93);
    expect(moved.slice(0, -1)).toEqual(Array.from({ length: 92 }, () => 15 * 60_000));
    expect(steps.slice(-2)).toEqual([92, 93]);
    expect(clock.now()).toBe(before + 23 * HOUR_MS + 30_000);
    await clock.sleep(55 * 60_000);
    expect(new Set(moved.slice(93))).toEqual(new Set([60_000]));
  });

  it("waits itself for what takes less than a second", async () => {
    const { system, clock, moved } = arrange(0);
    const before = system.now();
    await clock.sleep(250);
    expect(moved).toEqual([]);
    expect(system.now()).toBe(before + 250);
  });

  it("counts the time that was needed meanwhile", async () => {
    const minutes: number[] = [];
    const { clock, moved } = arrange(0, (system) => async ({ index, of }) => {
      minutes.push(index, of);
      system.advance(20_000);
    });
    const before = clock.now();
    await clock.sleep(120_000);
    expect(minutes).toEqual([0, 2, 1, 2]);
    expect(moved).toEqual([60_000, 20_000]);
    expect(clock.now()).toBe(before + 120_000);
  });

  it("believes local AWS where somebody else has moved its time, too", async () => {
    const { clock, time, moved } = arrange(0);
    const before = clock.now();
    await time.advance(HOUR_MS);
    await clock.sleep(600_000);
    expect(moved).toEqual([HOUR_MS, 60_000]);
    expect(clock.now()).toBe(before + HOUR_MS + 60_000);
  });

  it("stops when it is asked to", async () => {
    const stop = new AbortController();
    const { clock, moved } = arrange(0, () => async ({ index }) => {
      if (index === 1) {
        stop.abort();
      }
    });
    await clock.sleep(600_000, stop.signal);
    expect(moved).toEqual([60_000]);
  });
});
