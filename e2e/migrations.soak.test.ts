import { test } from "vitest";
import { surviveKillsInMigration } from "./migrations/survive-kills-in-migration.ts";

test("slipway migrate, killed 30 times in the middle while an old version writes: every change is there, once", async () => {
  await surviveKillsInMigration(30);
});
