import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { runInFlight } from "./run-in-flight.ts";

test("does every turn once, with so many in flight and no more", async () => {
  const turns: number[] = [];
  let running = 0;
  let most = 0;

  await runInFlight(50, 4, async (turn) => {
    running += 1;
    most = Math.max(most, running);
    turns.push(turn);
    await wait(1);
    running -= 1;
  });

  expect(turns).toEqual(Array.from({ length: 50 }, (_, index) => index));
  expect(most).toBe(4);
});

test("throws what a turn throws", async () => {
  await expect(
    runInFlight(3, 2, async (turn) => {
      if (turn === 1) {
        throw new Error("throttled");
      }
    }),
  ).rejects.toThrow("throttled");
});
