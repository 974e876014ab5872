import { setTimeout as wait } from "node:timers/promises";
import { startLocalAws } from "@slipway/local-aws";
import { expect } from "vitest";
import { eventually } from "../support/eventually.ts";
import { rootSettings } from "../support/root-settings.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ItemsToMigrate } from "./items-to-migrate.ts";
import { Migrating } from "./migrating.ts";

/** Records per second: slow enough that a kill comes in the middle. */
const RATE = 300;
/** Items per kill, so that there is enough left for the last one. */
const ITEMS_PER_KILL = 200;
/** The kill comes at any time within this many milliseconds after a run has saved something. */
const JITTER_MS = 300;

/**
 * Kills `slipway migrate` (kill -9) in the middle, as often as asked, while an old version of the API changes, deletes and creates items; then
 * lets it come to its end, and looks at every record.
 *
 * @returns records that were looked at in the backfill, and that there were at its beginning
 * @throws an assertion's error when a change is lost, a deleted item is back, or an item has no kind
 */
export async function surviveKillsInMigration(kills: number): Promise<{ scanned: number; items: number }> {
  const folder = temporaryFolder("migrations");
  const localAws = await startLocalAws({ port: 0, dataDir: folder.path });
  const settings = rootSettings(localAws.endpoint);
  const items = new ItemsToMigrate(settings, "items-killed");
  const migrating = new Migrating(settings, items.tableName);
  const count = (kills + 1) * ITEMS_PER_KILL;
  try {
    await items.create(count);
    items.disturb();
    let startedAt: string | undefined;
    for (let kill = 0; kill < kills; kill += 1) {
      const before = await migrating.scanned();
      const { child, ended } = migrating.start("--rate", String(RATE));
      await eventually(async () => {
        expect(child.exitCode, JSON.stringify(child.exitCode === null ? "" : await ended)).toBeNull();
        expect(await migrating.scanned()).toBeGreaterThan(before);
      }, 120_000);
      await wait(Math.random() * JITTER_MS);
      child.kill("SIGKILL");
      await ended;
      const record = await migrating.record();
      expect(record).toMatchObject({ state: "running", pass: 1 });
      expect(record?.startedAt).toBe(startedAt ?? record?.startedAt);
      startedAt = record?.startedAt;
    }
    const scanned = await migrating.scanned();
    await items.quiet();
    const { code, stdout, stderr } = await migrating.run("--output", "json");
    expect(code, stdout + stderr).toBe(0);
    expect(await migrating.record()).toMatchObject({ state: "done", startedAt });
    expect(await items.wrongs()).toEqual([]);
    return { scanned, items: count };
  } finally {
    await items.quiet();
    items.close();
    migrating.close();
    await localAws.stop();
    folder.remove();
  }
}
