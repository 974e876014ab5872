import { test } from "vitest";
import { canaryScenarios } from "./canary-scenarios.ts";
import { expectWithinLimit } from "./expect-within-limit.ts";

test.each(canaryScenarios)("$name of 10,000 canaries within its limit", (judged) => {
  expectWithinLimit(judged, 10_000);
});
