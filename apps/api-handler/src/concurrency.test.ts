import { afterAll, afterEach, beforeAll, it } from "vitest";
import { expectNothingLost, expectOneCreation, expectOneWinnerPerVersion } from "./test/concurrency-checks.ts";
import { type FaultyApi, startFaultyApi } from "./test/start-faulty-api.ts";

// Samples; concurrency.soak.test.ts has the full counts.
let api: FaultyApi;

beforeAll(async () => {
  api = await startFaultyApi();
});
afterEach(() => api.table.heal());
afterAll(() => api?.[Symbol.asyncDispose]());

it("counts the accepted updates of writers who race with If-Match on one item, and no others", async () => {
  await expectOneWinnerPerVersion(api, { writers: 8, updates: 24, maxPauseMs: 200 });
});

it("creates one item for all the retries of one creation, in parallel, over dropped connections", async () => {
  await expectOneCreation(api, { clients: 60 });
});

it("loses no acknowledged write and doubles no creation, whatever the table does", async () => {
  await expectNothingLost(api, { clients: 16, steps: 8, rate: 0.06, timeouts: 1, faults: 30 });
});
