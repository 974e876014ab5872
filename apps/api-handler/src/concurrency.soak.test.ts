import { afterAll, afterEach, beforeAll, it } from "vitest";
import { expectNothingLost, expectOneCreation, expectOneWinnerPerVersion } from "./test/concurrency-checks.ts";
import { type FaultyApi, startFaultyApi } from "./test/start-faulty-api.ts";

let api: FaultyApi;

beforeAll(async () => {
  api = await startFaultyApi();
});
afterEach(() => api.table.heal());
afterAll(() => api?.[Symbol.asyncDispose]());

it("200 writers race with If-Match on one item for 2,000 updates: its version counts those that were accepted", async () => {
  await expectOneWinnerPerVersion(api, { writers: 200, updates: 2_000, maxPauseMs: 3_000 });
});

it("500 clients retry one creation, in parallel, over dropped connections: one item, one note, one answer", async () => {
  await expectOneCreation(api, { clients: 500 });
});

it("hundreds of faults of every kind: no acknowledged write is lost, no creation is doubled", async () => {
  await expectNothingLost(api, { clients: 100, steps: 60, rate: 0.06, timeouts: 25, faults: 1_000 });
});
