import type { Compiled } from "../plan/compiled.ts";
import { isTrue } from "../values/is-true.ts";
import { isStructure, type Value } from "../values/value.ts";
import type { MakeStage } from "./sink.ts";

/** Lets rows through for which the condition holds. */
export function filterStage({ get }: Compiled): MakeStage {
  return (next) => ({
    push: (row) => {
      if (isTrue(get(row))) {
        next.push(row);
      }
    },
    end: () => next.end(),
  });
}

/** Counts the rows that the filters have let through. */
export const countStage: MakeStage = (next, run) => ({
  push: (row) => {
    run.matched++;
    next.push(row);
  },
  end: () => next.end(),
});

/** Makes a row for each item of a list; what is no list counts as one of one item, and an empty one leaves nothing. */
export function unnestStage({ get }: Compiled, slot: number): MakeStage {
  return (next) => ({
    push: (row) => {
      const value = get(row);
      const items: readonly unknown[] = Array.isArray(value) ? value : [value];
      for (const item of items) {
        next.push(row.with(slot, isValue(item) ? item : undefined));
      }
    },
    end: () => next.end(),
  });
}

const isValue = (item: unknown): item is Value =>
  isStructure(item) || ["string", "number", "boolean"].includes(typeof item);

/** Lets the first rows through. With `any`, the run may end when they are there. */
export function limitStage(count: number, any: boolean): MakeStage {
  return (next, run) => {
    let left = count;
    return {
      push: (row) => {
        if (left > 0) {
          left--;
          next.push(row);
        }
        if (any && left === 0) {
          run.isEnough = true;
        }
      },
      end: () => next.end(),
    };
  };
}
