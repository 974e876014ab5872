import { expect, it } from "vitest";
import { healthyReleases } from "./test/healthy-releases.ts";
import { SimulatedEnvironment } from "./test/simulated-environment.ts";

const WEEK = 7 * 1_440;

/** Requests in a minute at the busiest and at the quietest time; the last one is a service that hardly anybody uses. */
it.each([
  [1, 240, 4],
  [2, 240, 4],
  [3, 1_500, 40],
  [4, 600, 2],
  [5, 100, 10],
  [6, 30, 0.1],
  [7, 40, 0.3],
  [8, 3, 0],
])(
  "opens no incident in a healthy week, within a minute: seed %d, %d requests a minute at its peak, %d at night",
  async (seed, peak, night) => {
    const startedAt = process.cpuUsage();
    const environment = await SimulatedEnvironment.begin({
      ...{ seed, shape: { peak, night }, minutes: WEEK, releases: healthyReleases(seed, WEEK), earlierDays: 14 },
    });
    let told = 0;
    for (let minute = 0; minute < WEEK; minute += 1) {
      await environment.pass();
      const { incidents, groups } = await environment.look();
      expect(
        incidents.map(({ signals }) => signals.map(({ what }) => what)),
        new Date(environment.clock.now()).toISOString(),
      ).toEqual([]);
      told += groups.length;
    }
    // It was no week of silence: alarms went off by chance, and bad canaries were seen.
    expect(told).toBeGreaterThan(10);
    // Of a processor: whatever else runs on the machine.
    const { user, system } = process.cpuUsage(startedAt);
    expect((user + system) / 1_000).toBeLessThan(60_000);
  },
);
