import fc from "fast-check";
import { expect, test } from "vitest";
import { collect } from "../test/collect.ts";
import { mergeByTime } from "./merge-by-time.ts";

async function* stream(times: readonly number[], name: string, onEnd = () => {}) {
  try {
    for (const at of times) {
      yield { at, name };
    }
  } finally {
    onEnd();
  }
}

test("streams become one in the order of time", async () => {
  const times = fc.array(fc.integer({ min: 0, max: 20 })).map((list) => list.sort((left, right) => left - right));
  await fc.assert(
    fc.asyncProperty(fc.array(times, { maxLength: 5 }), async (lists) => {
      const merged = await collect(mergeByTime(lists.map((list, index) => stream(list, String(index)))));

      expect(merged.map(({ at }) => at)).toEqual(lists.flat().sort((left, right) => left - right));
      for (const [index, list] of lists.entries()) {
        expect(merged.filter(({ name }) => name === String(index)).map(({ at }) => at)).toEqual(list);
      }
    }),
  );
});

test("who stops reading closes all streams", async () => {
  const ended: string[] = [];
  const streams = ["a", "b", "c"].map((name) => stream([1, 2, 3], name, () => ended.push(name)));

  for await (const { at } of mergeByTime(streams)) {
    if (at === 2) {
      break;
    }
  }

  expect(ended.sort()).toEqual(["a", "b", "c"]);
});

test("what one stream throws is thrown, and the others are closed", async () => {
  let isClosed = false;
  async function* broken(): AsyncGenerator<{ at: number; name: string }> {
    yield { at: 2, name: "b" };
    throw new Error("gone");
  }
  const merged = mergeByTime([stream([1, 5], "a", () => (isClosed = true)), broken()]);

  await expect(collect(merged)).rejects.toThrow("gone");
  expect(isClosed).toBe(true);
});
