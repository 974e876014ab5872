import { setTimeout as wait } from "node:timers/promises";
import { expect, it } from "vitest";
import { together } from "./together.ts";

it("gives every result, in the order of the tasks", async () => {
  const results = await together(new AbortController().signal, [
    async () => {
      await wait(10);
      return "slow";
    },
    async () => "fast",
  ]);
  expect(results).toEqual(["slow", "fast"]);
});

it("asks the others to stop when one fails, waits for them, and throws the first failure", async () => {
  const events: string[] = [];
  const failing = async () => {
    await wait(5);
    throw new Error("first");
  };
  const stopping = async (signal: AbortSignal) => {
    await wait(1_000, undefined, { signal }).catch(() => events.push("asked to stop"));
    await wait(10);
    events.push("has stopped");
    throw new Error("second");
  };
  await expect(together(new AbortController().signal, [failing, stopping])).rejects.toThrow("first");
  expect(events).toEqual(["asked to stop", "has stopped"]);
});

it("passes an interruption from outside on", async () => {
  const interrupted = new AbortController();
  const task = (signal: AbortSignal) => wait(1_000, undefined, { signal });
  const running = together(interrupted.signal, [task, task]);
  interrupted.abort();
  await expect(running).rejects.toThrow(/abort/i);
});
