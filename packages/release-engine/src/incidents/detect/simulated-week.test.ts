import { expect, it } from "vitest";
import { healthyReleases } from "./test/healthy-releases.ts";
import { SimulatedEnvironment } from "./test/simulated-environment.ts";

const DAY = 1_440;

/** A Monday after a weekend; and from a Saturday, on which half as many come, over a night in which hardly anybody does to a Sunday. */
it.each([
  ["Monday", Date.UTC(2026, 10, 23), 1, { peak: 240, night: 4 }],
  ["weekend", Date.UTC(2026, 10, 28, 15), 2, { peak: 120, night: 0.1 }],
])(
  "opens no incident on a %s of healthy traffic with releases, good ones and one that is put back",
  async (_, from, seed, shape) => {
    const environment = await SimulatedEnvironment.begin({
      ...{ seed, from, shape, minutes: DAY, releases: healthyReleases(seed, DAY), earlierDays: 14 },
    });
    let asides = 0;
    for (let minute = 0; minute < DAY; minute += 1) {
      await environment.pass();
      const { incidents, groups } = await environment.look();
      expect(incidents, new Date(environment.clock.now()).toISOString()).toEqual([]);
      asides += groups.length;
    }
    // It was no day of silence.
    expect(asides).toBeGreaterThan(0);
  },
  60_000,
);
