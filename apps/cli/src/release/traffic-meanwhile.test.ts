import { smokeScenarioSchema } from "@slipway/contracts";
import type { HttpClient } from "@slipway/release-engine";
import { ManualClock } from "@slipway/testing";
import { expect, it } from "vitest";
import { FastForwardClock } from "./fast-forward-clock.ts";
import { trafficMeanwhile } from "./traffic-meanwhile.ts";

it("sends enough for each window to be judged, and no more than a day in quarters of an hour needs", async () => {
  const system = new ManualClock();
  const scenario = smokeScenarioSchema.parse({
    steps: [
      { name: "alive", method: "GET", path: "/health", expect: { status: 200 } },
      { name: "list", method: "GET", path: "/items", expect: { status: 200 } },
    ],
  });
  let requests = 0;
  const http = {
    send: async () => {
      requests += 1;
      return { status: 200, headers: {}, body: "" };
    },
  } as unknown as HttpClient;
  const traffic = trafficMeanwhile({ http, clock: system }, scenario, async () => "http://127.0.0.1:1/prod");
  let ahead = 0;
  const time = {
    advance: async (milliseconds: number) => {
      ahead += milliseconds;
      return new Date(system.now() + ahead).toISOString();
    },
  };
  const clock = new FastForwardClock(system, time, 0, traffic.inEachStep);
  const sentIn = async (minutes: number) => {
    const before = requests;
    await clock.sleep(minutes * 60_000);
    return requests - before;
  };
  expect(await sentIn(5)).toBe(200);
  expect(await sentIn(55)).toBe(2_200);
  const day = await sentIn(23 * 60);
  expect(day).toBeGreaterThan(1_000);
  expect(day).toBeLessThanOrEqual(96 * 40);
  expect(traffic.seen).toEqual({ requests, failures: 0 });
});
