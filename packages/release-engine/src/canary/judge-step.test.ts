import type { LedgerBodyOf } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { CanaryRelease } from "./test/canary-release.ts";
import { type Behaviour, CanaryWorld, FRESH, OLD, type WorldOptions } from "./test/canary-world.ts";

/** A service with errors of its own, as every one has. */
const USUAL: Behaviour = { fails: 0.001, faults: 0.003, logs: 0.005 };
const bad: Readonly<Record<string, Behaviour>> = {
  "one in ten of its answers is a 500": { ...USUAL, faults: 0.1 },
  "it is five times slower": { ...USUAL, slower: 5 },
  "one in ten of its calls takes five times as long": { ...USUAL, slower: 5, slowShare: 0.1 },
  "it does not start": { fails: 1 },
  "it may not use its table": { ...USUAL, faults: 1, logs: 1 },
  "it logs an error storm": { ...USUAL, logs: 0.5 },
};

async function world(options: Partial<WorldOptions>): Promise<CanaryWorld> {
  const made = new CanaryWorld({ seed: 1, requestsPerMinute: 600, old: USUAL, fresh: USUAL, ...options });
  // Users were there before.
  await made.sleep(20 * 60_000);
  return made;
}

const verdictsOf = ({ bench }: CanaryRelease) =>
  bench.written.filter((body): body is LedgerBodyOf<"verdict"> => body.type === "verdict");

describe("a canary", () => {
  it("gives all of the traffic to a version that is no worse", async () => {
    const release = new CanaryRelease(await world({ delayMs: 90_000 }));
    const { outcome } = await release.run();
    expect(outcome).toBe("promoted");
    expect(release.world.alias).toMatchObject({ version: FRESH, weights: {} });
    expect(verdictsOf(release).map(({ step, look, verdict }) => `${step} ${look} ${verdict.status}`)).toEqual([
      ...[1, 2, 3, 4, 5].map((look) => expect.stringMatching(`^traffic.judge.10 ${look} (successful|inconclusive)$`)),
      ...[1, 2, 3, 4, 5].map((look) => expect.stringMatching(`^traffic.judge.50 ${look} (successful|inconclusive)$`)),
    ]);
  });

  it.each(Object.entries(bad))("puts a version back of which %s", async (_, fresh) => {
    const release = new CanaryRelease(await world({ fresh }));
    const { outcome, summary, percent } = await release.run();
    expect({ outcome, percent }).toEqual({ outcome: "failed", percent: 10 });
    const last = verdictsOf(release).at(-1);
    expect(last?.verdict.status).toBe("failed");
    expect(summary).toMatch(/version 8 .*version 7.*limit/);
    expect(Object.keys(last?.verdict.numbers ?? {})).toEqual(
      expect.arrayContaining(["errorsCandidateEvents", "errorsProbabilityLimit", "logsBaselineRate"]),
    );
    expect(await release.take("traffic.restore", "traffic.restore")).toMatchObject({ outcome: "done" });
    expect(release.world.alias).toMatchObject({ version: OLD, weights: {} });
  });
});
