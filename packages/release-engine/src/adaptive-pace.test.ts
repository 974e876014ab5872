import { ManualClock } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { AdaptivePace, type PaceOptions } from "./adaptive-pace.ts";
import { ReleaseError } from "./release-error.ts";

const throttled = () =>
  new ReleaseError({ kind: "throttled", what: "x:List failed", why: "Rate exceeded", next: "wait" });
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function pace(options: Partial<PaceOptions> = {}) {
  const clock = new ManualClock(0);
  const made = new AdaptivePace({ clock, signal: new AbortController().signal, random: () => 1, ...options });
  return { clock, pace: made };
}

describe("AdaptivePace", () => {
  it("sends as many calls at a time as its limit, and more as they succeed", async () => {
    const { pace: paced } = pace({ first: 2, most: 3 });
    let running = 0;
    let most = 0;
    const call = async () => {
      running += 1;
      most = Math.max(most, running);
      await turn();
      running -= 1;
    };
    await Promise.all([paced.run(call), paced.run(call)]);
    expect(most).toBe(2);

    await Promise.all(Array.from({ length: 20 }, () => paced.run(call)));
    expect(most).toBe(3);
    expect(paced.limit).toBe(3);
  });

  it("halves its limit once for all calls that were under way when it was throttled", async () => {
    const { pace: paced } = pace({ first: 8 });
    let calls = 0;
    await Promise.all(
      Array.from({ length: 8 }, () =>
        paced.run(async () => {
          calls += 1;
          await turn();
          if (calls <= 8) throw throttled();
        }),
      ),
    );
    // 8 refused together: 4. Then 8 successes at a limit of 4 make it grow to 5.
    expect(paced.limit).toBe(5);
  });

  it("waits twice as long each time, up to a bound, and ends with the value", async () => {
    const { pace: paced, clock } = pace();
    let left = 8;
    const value = await paced.run(async () => {
      left -= 1;
      if (left > 0) throw throttled();
      return "here";
    });
    expect(value).toBe("here");
    expect(clock.now()).toBe(100 + 200 + 400 + 800 + 1600 + 3200 + 5000);
  });

  it("gives up a call that is throttled for ever, and says how often it tried", async () => {
    const { pace: paced } = pace({ patience: 3 });
    let calls = 0;
    const run = paced.run(async () => {
      calls += 1;
      throw throttled();
    });
    await expect(run).rejects.toMatchObject({ kind: "throttled", why: expect.stringContaining("throttled 3 times") });
    expect(calls).toBe(3);
  });

  it("passes on every other error at once, and goes on", async () => {
    const { pace: paced } = pace({ first: 1 });
    await expect(paced.run(() => Promise.reject(new TypeError("no")))).rejects.toThrow(TypeError);
    await expect(paced.run(async () => 1)).resolves.toBe(1);
  });

  it("sends nothing more once it is aborted, not even what was waiting for its turn", async () => {
    const stop = new AbortController();
    const { pace: paced } = pace({ first: 1, signal: stop.signal });
    let sent = 0;
    const call = async () => {
      sent += 1;
      await turn();
    };
    const runs = Array.from({ length: 4 }, () => paced.run(call));
    stop.abort();
    const outcomes = await Promise.allSettled(runs);

    expect(sent).toBe(1);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "rejected"]);
  });
});
