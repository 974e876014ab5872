import { join } from "node:path";
import { decideChange, loadMigrations } from "@slipway/release-engine";
import { expect, it } from "vitest";

const [loaded] = (await loadMigrations(import.meta.dirname)).filter(({ migration }) => migration.id.startsWith("0001"));
const { migration } = loaded ?? expect.unreachable(`no 0001 in ${join(import.meta.dirname)}`);
const shape = { name: "items", partitionKey: "id", estimatedRecords: 1 };
const id = "bf40883d-c761-4d06-af77-e2078ec671d5";

it("gives an item without a kind its kind, and changes nothing else", () => {
  const old = { id, name: "Milk jug", status: "active", createdAt: "2026-01-03T10:14:00.000Z", version: 3 };
  expect(decideChange(migration, shape, old)).toMatchObject({ set: { kind: "item" }, remove: [] });
});

it.each(["item", "idempotency", "migration"])("leaves a record of kind %s alone", (kind) => {
  expect(decideChange(migration, shape, { id, kind })).toBeUndefined();
});

it("complains about an item whose id is none", () => {
  expect(migration.verify?.({ id, kind: "item" })).toBeUndefined();
  expect(migration.verify?.({ id: "idempotency#1", kind: "item" })).toBe("is of kind item, and its id is no UUID");
  expect(migration.verify?.({ id: "idempotency#1", kind: "idempotency" })).toBeUndefined();
});
