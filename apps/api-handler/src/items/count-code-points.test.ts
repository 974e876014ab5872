import fc from "fast-check";
import { expect, it } from "vitest";
import { countCodePoints } from "./count-code-points.ts";

it("counts as a string's iterator does", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "é", "\u{1f6b2}", "\ud800", "\udc00")), (parts) => {
      const text = parts.join("");
      expect(countCodePoints(text)).toBe([...text].length);
    }),
    { numRuns: 1_000 },
  );
});
