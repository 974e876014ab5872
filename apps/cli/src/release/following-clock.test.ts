import { ManualClock } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { FollowingClock } from "./following-clock.ts";

describe("FollowingClock", () => {
  it("is as far ahead as local AWS is, and waits with the machine's clock", async () => {
    const system = new ManualClock();
    const clock = new FollowingClock(system, 5_000, async () => 5_000);
    const before = system.now();
    expect(clock.now()).toBe(before + 5_000);
    await clock.sleep(90_500);
    expect(system.now()).toBe(before + 90_500);
  });

  it("has waited long enough when somebody moves local AWS's clock meanwhile", async () => {
    const system = new ManualClock();
    let looks = 0;
    const clock = new FollowingClock(system, 0, async () => {
      looks += 1;
      return looks < 3 ? 0 : 3_600_000;
    });
    const before = system.now();
    await clock.sleep(300_000);
    expect(system.now()).toBe(before + 3_000);
    expect(clock.now()).toBe(before + 3_603_000);
  });

  it("goes on with what it knew when nobody answers, and stops when it is asked to", async () => {
    const system = new ManualClock();
    const stop = new AbortController();
    const clock = new FollowingClock(system, 7_000, async () => {
      stop.abort();
      return undefined;
    });
    const before = system.now();
    await clock.sleep(300_000, stop.signal);
    expect(clock.now()).toBe(before + 8_000);
  });
});
