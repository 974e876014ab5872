import { releasePlanSchema, type UndoRequest } from "@slipway/contracts";
import { expect, it } from "vitest";
import { movesTraffic } from "./moves-traffic.ts";
import { planUndo } from "./plan-undo.ts";

const undo: UndoRequest = {
  ...{ table: "items", tableName: "items-prod", select: {}, exports: { bucket: "states", prefix: "recovery/prod" } },
  ...{ from: "2026-11-28T12:00:00.000Z", to: "2026-11-28T12:04:00.000Z" },
  confirmed: { items: 5_000, digest: "a".repeat(64) },
};
const facts = {
  ...{ environment: "prod", release: "r6", current: "r5", undo },
  source: { commit: "b".repeat(40), tree: "c".repeat(40), dirty: false },
};

it("exports, finds again what was confirmed, and writes it back, and leaves the traffic where it is", () => {
  const plan = planUndo(facts);
  expect(releasePlanSchema.parse(plan)).toEqual(plan);
  expect(plan).toMatchObject({
    previous: "r5",
    rollsBack: { from: "r5", to: "r5", parts: ["data"], functions: [] },
    undo,
  });
  expect(plan.steps.map(({ id, title }) => `${id}: ${title}`)).toEqual([
    "data.export: export what was changed in items-prod",
    "data.select: find the 5,000 items again that were confirmed",
    "data.write-back: write back what 5,000 items of items were like",
  ]);
  expect(movesTraffic(plan)).toBe(false);
  expect(plan.steps.at(-1)?.undo).toBe("slipway rollback prod data --undo-of r6 takes it back in the same way");
});

it("says why, and what is taken back again", () => {
  const plan = planUndo({ ...facts, reason: "Jane: prices are wrong", undo: { ...undo, undoes: "r4" } });
  expect(plan.steps.at(-1)).toMatchObject({
    title: "write again what r4 has taken back in items",
    because: expect.stringMatching(/^Jane: prices are wrong; only where an item is still/),
  });
});
