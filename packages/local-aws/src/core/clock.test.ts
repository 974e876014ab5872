import { describe, expect, it } from "vitest";
import { VirtualClock } from "./clock.ts";

describe("VirtualClock", () => {
  it("runs what falls due on the way, each at its own time and in order", async () => {
    let wall = 1_000;
    const clock = new VirtualClock(undefined, () => wall);
    const seen: [string, number][] = [];
    clock.schedule(5_000, () => void seen.push(["late", clock.now()]));
    clock.schedule(2_000, () => {
      seen.push(["early", clock.now()]);
      // A task may schedule the next one, which is due before the target too.
      clock.schedule(3_000, () => void seen.push(["between", clock.now()]));
    });
    clock.schedule(9_000, () => void seen.push(["not yet", clock.now()]));
    await clock.advance(5_000);
    expect(seen).toEqual([
      ["early", 2_000],
      ["between", 3_000],
      ["late", 5_000],
    ]);
    expect(clock.now()).toBe(6_000);
    wall += 500;
    expect(clock.now()).toBe(6_500);
    clock.close();
  });

  it("forgets a cancelled task", async () => {
    const clock = new VirtualClock(undefined, () => 0);
    let ran = false;
    const cancel = clock.schedule(10, () => {
      ran = true;
    });
    cancel();
    await clock.advance(100);
    expect(ran).toBe(false);
    clock.close();
  });

  it("waits for an asynchronous task before the next", async () => {
    const clock = new VirtualClock(undefined, () => 0);
    const order: string[] = [];
    clock.schedule(1, async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      order.push("first");
    });
    clock.schedule(2, () => void order.push("second"));
    await clock.advance(5);
    expect(order).toEqual(["first", "second"]);
    clock.close();
  });

  it("goes on after a task that fails, advanced or not, and tells", async () => {
    const failures: unknown[] = [];
    const clock = new VirtualClock(undefined, Date.now, (error) => failures.push(error));
    const ran: string[] = [];
    clock.schedule(clock.now() + 1_000, () => {
      throw new Error("at once");
    });
    clock.schedule(clock.now() + 2_000, () => Promise.reject(new Error("later")));
    clock.schedule(clock.now() + 3_000, () => void ran.push("the next"));
    await clock.advance(5_000);
    await new Promise<void>((resolve) => {
      clock.schedule(clock.now() + 1, () => {
        throw new Error("on a timer");
      });
      clock.schedule(clock.now() + 2, resolve);
    });
    clock.close();
    expect(ran).toEqual(["the next"]);
    expect(failures).toEqual([new Error("at once"), new Error("later"), new Error("on a timer")]);
  });

  it("lets others work while a long time passes", async () => {
    const clock = new VirtualClock(undefined, () => 0);
    const tick = (): void => {
      clock.schedule(clock.now() + 1_000, tick);
    };
    tick();
    let turns = 0;
    const others = setInterval(() => {
      turns++;
    }, 1);
    await clock.advance(200_000_000);
    clearInterval(others);
    clock.close();
    expect(turns).toBeGreaterThan(0);
  });

  it("takes nothing more once it is closed", async () => {
    const clock = new VirtualClock(undefined, () => 0);
    clock.schedule(1, () => clock.close());
    clock.schedule(2, () => expect.unreachable());
    await expect(clock.advance(5)).rejects.toThrow(/closed/);
    clock.schedule(0, () => expect.unreachable())();
    await expect(clock.advance(5)).rejects.toThrow(/closed/);
  });

  it("runs with the wall clock when nobody moves it", async () => {
    const clock = new VirtualClock();
    await new Promise<void>((resolve) => {
      clock.schedule(clock.now() + 20, resolve);
    });
    clock.close();
  });

  it("keeps its offset, and never goes back", async () => {
    let kept = 0;
    const offset = {
      read: () => kept,
      write: (ms: number) => {
        kept = ms;
      },
    };
    const first = new VirtualClock(offset, () => 0);
    await first.advance(86_400_000);
    first.close();
    const second = new VirtualClock(offset, () => 0);
    expect(second.now()).toBe(86_400_000);
    await expect(second.advance(-1)).rejects.toThrow(RangeError);
    await expect(second.advance(Number.NaN)).rejects.toThrow(RangeError);
    second.close();
  });
});
