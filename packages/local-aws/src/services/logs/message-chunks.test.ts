import { expect, test } from "vitest";
import { FIRST_CHUNK, nextChunk } from "./message-chunks.ts";

test.each([
  ["small ones", 100, 250],
  ["those of some kilobytes", 20_000, 100],
  ["large ones", 1_000_000, FIRST_CHUNK],
])("after %s as many as can be held", (_, length, expected) => {
  expect(nextChunk(50, 50 * length)).toBe(expected);
});

test("empty ones are no reason for more", () => {
  expect(nextChunk(10, 0)).toBe(250);
});
