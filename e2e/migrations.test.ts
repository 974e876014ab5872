import { type LocalAws, startLocalAws } from "@slipway/local-aws";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ItemsToMigrate } from "./migrations/items-to-migrate.ts";
import { MIGRATION, Migrating } from "./migrations/migrating.ts";
import { surviveKillsInMigration } from "./migrations/survive-kills-in-migration.ts";
import { eventually } from "./support/eventually.ts";
import { rootSettings } from "./support/root-settings.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const ITEMS = 120;
const folder = temporaryFolder("migrations");
let localAws: LocalAws;
let items: ItemsToMigrate;
let migrating: Migrating;

beforeAll(async () => {
  localAws = await startLocalAws({ port: 0, dataDir: folder.path });
  const settings = rootSettings(localAws.endpoint);
  items = new ItemsToMigrate(settings, "items-migrated");
  migrating = new Migrating(settings, items.tableName);
  await items.create(ITEMS);
});

afterAll(async () => {
  items?.close();
  migrating?.close();
  await localAws?.stop();
  folder.remove();
});

test("slipway migrate, killed twice in the middle while an old version writes: every change is there, once", async () => {
  await surviveKillsInMigration(2);
});

// One after the other: each builds on what the one before has left.
describe("slipway migrate", () => {
  test("counts what would change, and changes nothing", async () => {
    const { code, stdout } = await migrating.run("--dry-run", "--output", "json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      mode: "dry-run",
      tables: [{ migrations: [{ id: MIGRATION, verdict: "due", wouldChange: ITEMS, counts: { writeUnits: 0 } }] }],
    });
    expect(await migrating.record()).toBeUndefined();
    expect((await items.records()).filter(({ kind }) => kind !== undefined)).toEqual([]);
  });

  test("stops when Ctrl-C asks it to, tells a rival who holds it before, and says how to go on", async () => {
    const first = migrating.start("--rate", "12", "--segments", "2");
    await eventually(async () => expect(await migrating.scanned()).toBeGreaterThan(0));
    const rival = await migrating.run();
    expect(rival.code).toBe(2);
    expect(rival.stderr).toMatch(
      new RegExp(`${MIGRATION} is being run by \\S+@\\S+ \\(process ${first.child.pid}\\)\\.\\n +Why: +since`),
    );

    first.child.kill("SIGINT");
    const { code, stderr } = await first.ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/Stopped 0001-kind-of-record after \d+ records/);
    expect(stderr).toContain("slipway migrate prod --segments 2 --rate 12 --table-name items=items-migrated\n");
    const record = await migrating.record();
    expect(record?.state).toBe("running");
    expect(record?.holder).toBeUndefined();
  });

  test("goes on where it stopped, and remembers that it is done", async () => {
    const { code, stdout } = await migrating.run();
    expect(code).toBe(0);
    // In two passes, with the record of the migration; what was changed of a page that the stop cut short is in the count.
    const looked = 2 * (ITEMS + 1);
    const counts = `${looked} looked at, ${ITEMS} changed, [\\d.]+ RCU, [\\d.]+ WCU`;
    expect(stdout).toMatch(new RegExp(`^0001-kind-of-record +expand +done +${counts}$`, "m"));
    expect(await items.wrongs()).toEqual([]);
    expect(await migrating.record()).toMatchObject({ state: "done", finishedAt: expect.any(String) });
  });
});
