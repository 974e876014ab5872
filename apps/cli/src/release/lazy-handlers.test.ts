import type { StepContext, StepEnd } from "@slipway/release-engine";
import { expect, it } from "vitest";
import { lazyHandlers } from "./lazy-handlers.ts";

const END: StepEnd<"checklist"> = {
  ...{ outcome: "done", summary: "all there" },
  result: { pass: 1, fail: 0, unknown: 0, waived: 0 },
};

it("takes what handlers work with when the first of them is needed, once, and again where that failed", async () => {
  let opened = 0;
  const handlers = lazyHandlers(["checklist"], async () => {
    opened += 1;
    if (opened === 1) {
      throw new Error("somebody else has it");
    }
    return { checklist: async () => END };
  });
  const context = {} as StepContext;
  expect(opened).toBe(0);
  await expect(handlers.checklist(context)).rejects.toThrow("somebody else has it");
  expect(await handlers.checklist(context)).toBe(END);
  expect(await handlers.checklist(context)).toBe(END);
  expect(opened).toBe(2);
});
