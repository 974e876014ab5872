import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { RequestGate } from "./request-gate.ts";

/** A promise, and the way to fulfil it. */
function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe("RequestGate", () => {
  it("waits for who is inside, holds back who comes later, and opens again", async () => {
    const gate = new RequestGate();
    const order: string[] = [];
    const inside = deferred();
    const first = gate.pass(async () => {
      await inside.promise;
      order.push("first");
    });
    const exchange = gate.exclusively(5_000, async () => {
      order.push("exchange begins");
      await wait(10);
      order.push("exchange ends");
    });
    const late = gate.pass(() => order.push("late"));
    await wait(20);
    expect(order).toEqual([]);
    inside.resolve();
    await Promise.all([first, exchange, late]);
    expect(order).toEqual(["first", "exchange begins", "exchange ends", "late"]);
  });

  it("lets in what belongs to one inside while that one is waited for, and nothing afterwards", async () => {
    const gate = new RequestGate();
    const nested = deferred();
    const first = gate.pass(() => nested.promise);
    const during = deferred();
    let isIn = false;
    const exchange = gate.exclusively(5_000, () => during.promise);
    await gate.pass(() => nested.resolve(), true);
    await first;
    await wait(20);
    const tooLate = gate.pass(() => {
      isIn = true;
    }, true);
    await wait(10);
    expect(isIn).toBe(false);
    during.resolve();
    await Promise.all([exchange, tooLate]);
    expect(isIn).toBe(true);
  });

  it("goes ahead when its patience ends", async () => {
    const gate = new RequestGate();
    const stuck = deferred();
    const inside = gate.pass(() => stuck.promise);
    await gate.exclusively(10, async () => {});
    stuck.resolve();
    await inside;
  });

  it("runs one exclusive work at a time, and opens after one that failed", async () => {
    const gate = new RequestGate();
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await wait(5);
      running--;
    };
    const failing = gate.exclusively(0, () => Promise.reject(new Error("no")));
    const works = [1, 2, 3].map(() => gate.exclusively(0, work));
    await expect(failing).rejects.toThrow("no");
    await Promise.all(works);
    expect(most).toBe(1);
    await expect(gate.pass(() => "in")).resolves.toBe("in");
  });
});
