import { join } from "node:path";
import { loadSeed } from "@slipway/release-engine";
import { expect, it } from "vitest";

const { records } = loadSeed({
  seed: join(import.meta.dirname, "items.json"),
  definition: join(import.meta.dirname, "../tables/items.json"),
});

it("has some twenty items of every status, with and without what is optional", () => {
  expect(records.length).toBeGreaterThanOrEqual(20);
  for (const status of ["active", "inactive", "archived"]) {
    expect(records.filter((record) => record.status === status).length).toBeGreaterThanOrEqual(3);
  }
  for (const name of ["description", "attributes"]) {
    expect(new Set(records.map((record) => record[name] !== undefined))).toEqual(new Set([true, false]));
  }
});

it("has times that lists can be ordered by, and that go forward", () => {
  expect(new Set(records.map(({ createdAt }) => createdAt)).size).toBe(records.length);
  for (const { createdAt, updatedAt, version } of records) {
    expect(String(updatedAt) > String(createdAt)).toBe(Number(version) > 1);
  }
});
