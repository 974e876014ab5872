import { expect, it } from "vitest";
import { healthyReleases } from "./test/healthy-releases.ts";
import { SimulatedEnvironment } from "./test/simulated-environment.ts";

const MINUTES = 12 * 60;

/** A day's releases, in half the time. */
const releasesOf = (seed: number) =>
  new Map([...healthyReleases(seed, 2 * MINUTES)].map(([minute, kind]) => [Math.floor(minute / 2), kind]));

/**
 * Twelve hours each, of the weeks in healthy-weeks.soak.test.ts: a Monday after a weekend, from its night on; and from a Saturday, on which
 * half as many come, into a night in which hardly anybody does.
 */
it.each([
  ["Monday", Date.UTC(2026, 10, 23, 4), 1, { peak: 240, night: 4 }],
  ["weekend", Date.UTC(2026, 10, 28, 15), 2, { peak: 120, night: 0.1 }],
])(
  "opens no incident on a %s of healthy traffic with releases, good ones and one that is put back",
  async (_, from, seed, shape) => {
    const environment = await SimulatedEnvironment.begin({
      ...{ seed, from, shape, minutes: MINUTES, releases: releasesOf(seed), earlierDays: 14 },
    });
    let asides = 0;
    for (let minute = 0; minute < MINUTES; minute += 1) {
      await environment.pass();
      const { incidents, groups } = await environment.look();
      expect(incidents, new Date(environment.clock.now()).toISOString()).toEqual([]);
      asides += groups.length;
    }
    // It was no day of silence.
    expect(asides).toBeGreaterThan(0);
  },
);
