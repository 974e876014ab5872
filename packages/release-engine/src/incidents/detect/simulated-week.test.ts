import { expect, it } from "vitest";
import { healthyReleases } from "./test/healthy-releases.ts";
import { SimulatedEnvironment } from "./test/simulated-environment.ts";

const DAY = 1_440;

it("opens no incident in a day of healthy traffic with releases, good ones and one that is put back", async () => {
  const environment = await SimulatedEnvironment.begin({
    ...{ seed: 1, shape: { peak: 240, night: 4 }, minutes: DAY, releases: healthyReleases(1, DAY) },
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
});
