import { expect, it } from "vitest";
import { leftWords } from "./left-words.ts";

it("says what is left, and nothing where nothing is", () => {
  expect(leftWords({ conflicts: 0, unwritable: 0 })).toBeUndefined();
  expect(leftWords({ conflicts: 5_000, unwritable: 1 })).toBe(
    "Nothing could be written: 5,000 were changed by somebody else since, 1 have too many attributes for one condition. To have them in a file, for people to decide: --conflicts FILE.",
  );
  expect(leftWords({ conflicts: 0, unwritable: 2 })).toContain("2 have too many attributes");
});
