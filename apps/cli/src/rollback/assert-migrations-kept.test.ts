import type { BegunMigration } from "@slipway/release-engine";
import { expect, it } from "vitest";
import { assertMigrationsKept } from "./assert-migrations-kept.ts";

const NOON = Date.UTC(2026, 10, 28, 12);
const moment = { environment: "prod", table: "items-prod", name: "items", at: NOON };
const migration = (startedAt: string, table = "items"): BegunMigration => ({
  ...{ id: "0002-drop-name", table, phase: "contract", description: "takes the old name away", startedAt },
});

it("refuses a restore to before a migration, or to the second in which it was begun", () => {
  for (const startedAt of ["2026-11-28T12:00:00.000Z", "2026-11-28T13:00:00.000Z"]) {
    expect(() => assertMigrationsKept(moment, [migration(startedAt)])).toThrow(
      /0002-drop-name \(phase contract: .*\) was begun at .*--accept-lost-migrations/s,
    );
  }
});

it("minds no migration that the restored table has, and none of another table", () => {
  expect(() =>
    assertMigrationsKept(moment, [
      migration("2026-11-28T11:59:59.999Z"),
      migration("2026-11-28T13:00:00.000Z", "users"),
    ]),
  ).not.toThrow();
});
