import { expect, it } from "vitest";
import { decideUndo } from "./decide-undo.ts";

const key = { id: "1" };
const good = { id: "1", price: 7, tags: new Set(["a", "b"]) };
const bad = { id: "1", price: 0, writer: "batch" };
const theirs = { ...bad, price: 8 };

it.each([
  ["a bad image", { key, from: bad, to: good }, bad, "write"],
  [
    "the good image, its set in another order",
    { key, from: bad, to: good },
    { ...good, tags: new Set(["b", "a"]) },
    "there",
  ],
  ["another value", { key, from: bad, to: good }, theirs, "conflict"],
  ["one attribute more", { key, from: bad, to: good }, { ...bad, note: "theirs" }, "conflict"],
  ["one attribute less", { key, from: bad, to: good }, { id: "1", price: 0 }, "conflict"],
  ["nothing, where it was changed", { key, from: bad, to: good }, undefined, "conflict"],
  ["nothing, where it was deleted", { key, to: good }, undefined, "write"],
  ["the good image, where it was deleted", { key, to: good }, good, "there"],
  ["another one, where it was deleted", { key, to: good }, theirs, "conflict"],
  ["the bad image, where it was made", { key, from: bad }, bad, "write"],
  ["nothing, where it was made", { key, from: bad }, undefined, "there"],
  ["another one, where it was made", { key, from: bad }, theirs, "conflict"],
] as const)("finds %s", (_name, swap, current, decision) => {
  expect(decideUndo(swap, current)).toBe(decision);
});

it("writes nothing that no condition can guard", () => {
  const wide = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, index]));
  const swap = (count: number) => ({
    key,
    from: { ...wide(count), ...key },
    to: { ...wide(count - 1), ...key, added: 1 },
  });
  expect(decideUndo(swap(146), swap(146).from)).toBe("write");
  expect(decideUndo(swap(147), swap(147).from)).toBe("unwritable");
  // Attributes that must be absent take most of the 4,096 bytes of an expression.
  const added = (count: number) => ({ key, from: { ...key }, to: { ...wide(count), ...key } });
  expect(decideUndo(added(131), { ...key })).toBe("write");
  expect(decideUndo(added(132), { ...key })).toBe("unwritable");
  // Its absence is all that has to be guarded.
  expect(decideUndo({ key, to: { ...wide(300), ...key } }, undefined)).toBe("write");
});
