import { test } from "vitest";
import { surviveInterleavings } from "./test/survive-interleavings.ts";

test("any interleaving of runs, kills and live versions, 5,000 of them: nothing is lost or changed twice", async () => {
  await surviveInterleavings(5_000);
});
