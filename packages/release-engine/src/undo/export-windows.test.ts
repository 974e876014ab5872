import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exportWindows } from "./export-windows.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2026, 10, 28, 12);

describe("exportWindows", () => {
  it("takes a window that AWS exports as it is", () => {
    const window = { from: NOON, to: NOON + 15 * MINUTE_MS };
    expect(exportWindows(window, window.to)).toEqual({ pieces: [window] });
  });

  it("makes a short one longer at its end, and asks what items were like at that end", () => {
    expect(exportWindows({ from: NOON, to: NOON + 4 * MINUTE_MS }, NOON + HOUR_MS)).toEqual({
      pieces: [{ from: NOON, to: NOON + 15 * MINUTE_MS }],
      after: { from: NOON + 4 * MINUTE_MS, to: NOON + 19 * MINUTE_MS },
    });
  });

  it("says from when on a short one can be exported", () => {
    expect(() => exportWindows({ from: NOON, to: NOON + 4 * MINUTE_MS }, NOON + 10 * MINUTE_MS)).toThrow(
      expect.objectContaining({
        kind: "usage",
        why: "AWS exports 15 minutes at least, so what happened until 2026-11-28T12:04:00.000Z can be told from 2026-11-28T12:19:00.000Z on; it is 2026-11-28T12:10:00.000Z now",
        next: expect.stringContaining("type the same command again at 2026-11-28T12:19:00.000Z"),
      }),
    );
  });

  it.each([
    ["before it begins (2026-11-28T12:00:00.000Z)", NOON, NOON, NOON + HOUR_MS],
    ["it is 2026-11-28T12:59:59.000Z now", NOON, NOON + HOUR_MS, NOON + HOUR_MS - 1000],
    ["AWS keeps changes for 35 days at most", NOON - 36 * 24 * HOUR_MS, NOON, NOON],
  ])("refuses a window: %s", (words, from, to, now) => {
    expect(() => exportWindows({ from, to }, now)).toThrow(words);
  });

  it("covers any other window without a gap, in pieces that AWS exports", () => {
    fc.assert(
      fc.property(fc.integer({ min: 900, max: 35 * 86_400 }), (seconds) => {
        const window = { from: NOON, to: NOON + seconds * 1000 };
        const { pieces, after } = exportWindows(window, window.to);
        expect(after).toBeUndefined();
        expect(pieces[0]?.from).toBe(window.from);
        expect(pieces.at(-1)?.to).toBe(window.to);
        for (const [index, { from, to }] of pieces.entries()) {
          expect(from).toBe(pieces[index - 1]?.to ?? window.from);
          expect(from % 1000).toBe(0);
          expect(to - from).toBeGreaterThanOrEqual(15 * MINUTE_MS);
          expect(to - from).toBeLessThanOrEqual(24 * HOUR_MS);
        }
      }),
      { numRuns: 30 },
    );
  });
});
