import { expect, test } from "vitest";
import { withCleanup } from "../support/cleanup.ts";
import { startDynalite } from "./dynalite-server.ts";
import { ItemsLoad, itemOf } from "./items-load.ts";

test("the items are of 300 bytes, as DynamoDB counts them", () => {
  // Names and texts by their UTF-8 bytes, a number of one digit by 2.
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
  const sizeOf = (item: ReturnType<typeof itemOf>) =>
    Object.entries(item).reduce(
      (sum, [name, value]) => sum + name.length + ("S" in value ? Buffer.byteLength(value.S) : 2),
      0,
    );

  expect([itemOf(0, 0), itemOf(7, 123_456)].map(sizeOf)).toEqual([300, 300]);
});

test("a turn against dynalite itself gives requests per second and processor time", async () => {
  const turn = await withCleanup(async (cleanup) => {
    const server = await startDynalite(
      await cleanup.temporaryFolder("dynalite"),
      cleanup,
      new AbortController().signal,
    );
    const load = await ItemsLoad.open(server, cleanup);
    return { ...(await load.turn(1, 40)), ...(await load.writingTurn(2, 40)) };
  });

  for (const { perSecond, serverCpuMs } of [turn.put, turn.get, turn.update]) {
    expect(perSecond).toBeGreaterThan(1);
    expect(serverCpuMs).toBeGreaterThan(0);
  }
});
