import { setImmediate } from "node:timers/promises";
import { ManualClock } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { seedTable } from "./seed-table.ts";

const records = Array.from({ length: 100 }, (_, n) => ({ id: `thing-${n}` }));

/** A table that takes a turn of the event loop for each put. */
function slowTable(onPut: (id: string) => void) {
  return {
    describe: () => Promise.reject(new Error("is not asked for")),
    async putIfMissing({ id }: { readonly id?: unknown }) {
      onPut(String(id));
      await setImmediate();
      return { outcome: id === "thing-1" ? ("there" as const) : ("put" as const), writeUnits: 1 };
    },
  };
}

describe("seedTable", () => {
  it("counts what was put and what was there", async () => {
    const ports = { table: slowTable(() => {}), clock: new ManualClock() };
    const signal = new AbortController().signal;
    expect(await seedTable(ports, records, signal)).toEqual({ put: 99, there: 1, writeUnits: 100 });
  });

  it("puts nothing more once a record was refused", async () => {
    const asked: string[] = [];
    const table = slowTable((id) => {
      asked.push(id);
      if (id === "thing-7") {
        throw new Error("refused");
      }
    });
    const seeding = seedTable({ table, clock: new ManualClock() }, records, new AbortController().signal);
    await expect(seeding).rejects.toThrow("refused");
    const before = asked.length;
    for (let turn = 0; turn < 200; turn += 1) {
      await setImmediate();
    }
    expect(asked.length).toBe(before);
    expect(before).toBeLessThan(20);
  });

  it("says where it stopped when it is asked to", async () => {
    const asked = new AbortController();
    const table = slowTable((id) => id === "thing-20" && asked.abort());
    await expect(seedTable({ table, clock: new ManualClock() }, records, asked.signal)).rejects.toMatchObject({
      kind: "interrupted",
      what: "Stopped the seeding of 100 records",
    });
  });
});
