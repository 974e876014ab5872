import { setTimeout as wait } from "node:timers/promises";
import { startLocalAws } from "@slipway/local-aws";
import { countsOf } from "@slipway/release-engine";
import { expect } from "vitest";
import { eventually } from "../support/eventually.ts";
import { rootSettings } from "../support/root-settings.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ItemsToMigrate } from "./items-to-migrate.ts";
import { Migrating } from "./migrating.ts";

/** Records per second: slow enough that a kill comes in the middle, of the backfill or of the look after it. */
const RATE = 100;
/** Items per kill, so that there is enough left for the last one. */
const ITEMS_PER_KILL = 150;
/** The kill comes at any time within this many milliseconds after a run has saved something. */
const JITTER_MS = 300;

/**
 * Kills `slipway migrate` (kill -9) in the middle, as often as asked, while an old version of the API changes, deletes and creates items; then
 * lets it come to its end, and looks at every record.
 *
 * @throws an assertion's error when a change is lost, a deleted item is back, an item has no kind, or work was done twice
 */
export async function surviveKillsInMigration(kills: number): Promise<void> {
  const folder = temporaryFolder("migrations");
  const localAws = await startLocalAws({ port: 0, dataDir: folder.path });
  const settings = rootSettings(localAws.endpoint);
  const items = new ItemsToMigrate(settings, "items-killed");
  const migrating = new Migrating(settings, items.tableName);
  try {
    await items.create((kills + 1) * ITEMS_PER_KILL);
    items.disturb();
    let startedAt: string | undefined;
    for (let kill = 0; kill < kills; kill += 1) {
      const before = (await migrating.record())?.revision ?? 0;
      const { child, ended } = migrating.start("--rate", String(RATE));
      await eventually(async () => {
        expect(child.exitCode, JSON.stringify(child.exitCode === null ? "" : await ended)).toBeNull();
        // The hold, and at least one page.
        expect((await migrating.record())?.revision).toBeGreaterThan(before + 1);
      }, 120_000);
      await wait(Math.random() * JITTER_MS);
      child.kill("SIGKILL");
      await ended;
      const record = await migrating.record();
      expect(record?.state).toBe("running");
      expect(record?.startedAt).toBe(startedAt ?? record?.startedAt);
      startedAt = record?.startedAt;
    }
    await items.quiet();
    const { code, stdout, stderr } = await migrating.run("--output", "json");
    expect(code, stdout + stderr).toBe(0);
    const record = await migrating.record();
    expect(record).toMatchObject({ state: "done", startedAt });
    expect(await items.wrongs()).toEqual([]);
    // What was saved before a kill is not looked at again: in each pass each record at most once, that of the migration too.
    const { pass = 0, earlier, segments = [] } = record ?? {};
    expect((earlier?.scanned ?? 0) + countsOf(segments).scanned).toBeLessThanOrEqual(pass * (items.everWritten + 1));
  } finally {
    await items.quiet();
    items.close();
    migrating.close();
    await localAws.stop();
    folder.remove();
  }
}
