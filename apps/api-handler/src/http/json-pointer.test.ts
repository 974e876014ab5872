import { expect, it } from "vitest";
import { pointerTo, toFragment } from "./json-pointer.ts";

it.each([
  [[], "#"],
  [["a", "b"], "#/a/b"],
  [["a/b", "~", "ä", ""], "#/a~1b/~0/%C3%A4/"],
  [["\ud800"], "#/%EF%BF%BD"],
])("%j is %s", (path, pointer) => {
  expect(pointerTo(path)).toBe(pointer);
});

it("stays a URI fragment where it is cut", () => {
  for (let length = 190; length < 210; length++) {
    const cut = toFragment(`/${"x".repeat(length)}\u{1f6b2}\u{1f6b2}`);
    expect(() => decodeURIComponent(cut)).not.toThrow();
  }
});
