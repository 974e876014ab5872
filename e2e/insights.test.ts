import { expect, test } from "vitest";
import { QueryLoad } from "./insights/query-load.ts";

test("events that clients have put are counted by five minutes, all of them", async () => {
  const load = await QueryLoad.start(10_000);
  try {
    const { rows, statistics } = await load.run("stats count() by bin(5m)");
    expect(rows).toEqual(load.expectedCounts());
    expect(statistics).toMatchObject({ recordsScanned: 10_000, recordsMatched: 10_000 });
  } finally {
    await load.stop();
  }
});
