import { describe, expect, it } from "vitest";
import { CanaryRelease } from "./test/canary-release.ts";
import { type Behaviour, CanaryWorld } from "./test/canary-world.ts";

/** Canaries of each kind; the figures are printed. */
const TRIALS = 200;
/** A service with errors of its own, as every one has. */
const USUAL: Behaviour = { fails: 0.001, faults: 0.003, logs: 0.005 };

async function outcomes(requestsPerMinute: number, fresh: Behaviour) {
  const counts = { promoted: 0, failed: 0, paused: 0, atTenPercent: 0 };
  for (let seed = 1; seed <= TRIALS; seed += 1) {
    const world = new CanaryWorld({ seed, requestsPerMinute, old: USUAL, fresh });
    await world.sleep(20 * 60_000);
    const { outcome, percent } = await new CanaryRelease(world).run();
    counts[outcome] += 1;
    counts.atTenPercent += outcome === "failed" && percent === 10 ? 1 : 0;
  }
  return counts;
}

describe.each([300, 600])("canaries of 10 % and 50 %, five minutes each, with %i requests a minute", (rate) => {
  it("put back at most one good version in a hundred, and let few wait", async () => {
    const { promoted, failed, paused } = await outcomes(rate, USUAL);
    console.log(`${rate} a minute, no worse: ${promoted} promoted, ${failed} put back, ${paused} paused of ${TRIALS}`);
    // Of 200 trials with one in a hundred, more than six are seen once in two hundred times.
    expect(failed).toBeLessThanOrEqual(6);
    expect(promoted / TRIALS).toBeGreaterThan(0.9);
  });

  it.each<[string, Behaviour]>([
    ["one in ten answers is a 500", { ...USUAL, faults: 0.1 }],
    ["five times slower", { ...USUAL, slower: 5 }],
    ["one in ten calls five times slower", { ...USUAL, slower: 5, slowShare: 0.1 }],
    ["does not start", { fails: 1 }],
    ["may not use its table", { ...USUAL, faults: 1, logs: 1 }],
    ["logs an error for one call in ten", { ...USUAL, logs: 0.1 }],
  ])("put back a version of which %s", async (name, fresh) => {
    const { promoted, failed, paused, atTenPercent } = await outcomes(rate, fresh);
    console.log(
      `${rate} a minute, ${name}: ${failed} put back (${atTenPercent} at 10 %), ${paused} paused, ${promoted} promoted of ${TRIALS}`,
    );
    expect(promoted).toBe(0);
    expect(failed / TRIALS).toBeGreaterThan(0.98);
    expect(atTenPercent / TRIALS).toBeGreaterThan(0.85);
  });
});
