import { describe, expect, it } from "vitest";
import type { Collection } from "../store/store.ts";
import { type FaultRule, Faults } from "./faults.ts";

/** Faults on a clock that is set by hand. */
function arrange() {
  let now = 0;
  const rules = new Map<string, FaultRule>();
  const collection = {
    values: () => [...rules.values()],
    put: (id: string, rule: FaultRule) => void rules.set(id, rule),
    delete: (id: string) => rules.delete(id),
  } as unknown as Collection<FaultRule>;
  const faults = new Faults(
    collection,
    () => 0,
    () => now,
  );
  return {
    faults,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
    /** How many of so many requests get through. */
    ask: (operation: string, count: number) =>
      Array.from({ length: count }, () => faults.strike({ service: "lambda", operation, input: {} })).filter(
        (hit) => hit === undefined,
      ).length,
  };
}

describe("a throttle that lets so many requests through in a second", () => {
  it("counts all of its operations together, and has one second's worth at once", () => {
    const { faults, ask, pass } = arrange();
    faults.plant({ kind: "throttle", service: "lambda", operation: "!Invoke*", perSecond: 15 });
    expect(ask("UpdateAlias", 10) + ask("GetAlias", 10)).toBe(15);
    expect(ask("Invoke", 100)).toBe(100);
    pass(200);
    expect(ask("UpdateAlias", 10)).toBe(3);
    pass(60_000);
    expect(ask("GetFunctionConfiguration", 50)).toBe(15);
  });

  it.each([
    [{ kind: "throttle", perSecond: 0 }, /per-second: expected a number of at least 1/],
    [{ kind: "error", perSecond: 5 }, /of a throttle, got 5 of a error/],
  ] as const)("is refused where it makes no sense: %j", (request, says) => {
    expect(() => arrange().faults.plant(request)).toThrow(says);
  });
});
