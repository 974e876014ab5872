import { describe, expect, it } from "vitest";
import { rankSuspects } from "./rank-suspects.ts";
import {
  expectGuiltyFirst,
  expectGuiltyFirstWithRollbacks,
  expectNobodySuspected,
  kindsIn,
} from "./test/judged-histories.ts";

// Samples, which have every kind of fault together; rank-suspects.soak.test.ts has the full counts.

describe("rankSuspects", () => {
  it("puts the guilty release first in at least 95 % of made-up histories", () => {
    expect(kindsIn(expectGuiltyFirst(60))).toBeGreaterThan(11);
  });

  it("suspects nobody in at least 95 % of histories where no release is the cause", () => {
    expectNobodySuspected(63, { withRollbacks: false });
  });

  it("puts it first in at least 95 % of histories in which releases were rolled back", () => {
    expect(kindsIn(expectGuiltyFirstWithRollbacks(60))).toBeGreaterThan(11);
  });

  it("suspects nobody in at least 95 % of such histories where no release is the cause", () => {
    expectNobodySuspected(63, { withRollbacks: true });
  });

  it("suspects nobody where nothing has changed, and says so", () => {
    const at = Date.parse("2026-03-02T10:00:00Z");
    const suspicion = rankSuspects([], {
      now: at + 600_000,
      onset: { at, errorMs: 60_000 },
      lastSeenAt: at + 600_000,
      signals: [{ kind: "errors", resource: { type: "api", name: "items-api-prod/prod" } }],
      versions: [],
      errors: [],
    });
    expect(suspicion.suspects).toEqual([]);
    expect(suspicion.withoutSuspect).toContain("no release has changed anything");
  });
});
