import { rollbackPreviewSchema } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { ReleaseLab } from "../test/release-lab.ts";
import type { BegunMigration } from "./contracted-since.ts";
import { decideRollback } from "./decide-rollback.ts";
import { previewRollback } from "./preview-rollback.ts";

/** Three live releases, an hour after each other: r1 had its traffic until 13:00, r2 until 14:00. */
async function arrange() {
  const lab = new ReleaseLab(["api-handler"]);
  for (let hour = 0; hour < 3; hour += 1) {
    await lab.deploy();
    lab.clock.advance(3_600_000);
    lab.machineClock.advance(3_600_000);
  }
  return lab;
}

const migration = (startedAt: string, phase: BegunMigration["phase"] = "contract"): BegunMigration => ({
  ...{ id: "0002-drop-name", table: "items", phase, description: "takes the old name away", startedAt },
});

async function decide(lab: ReleaseLab, to: string, migrations: readonly BegunMigration[] = []) {
  return decideRollback({ environment: "prod", records: await lab.records(), to, migrations, flags: "" });
}

async function preview(lab: ReleaseLab, to: string, migrations?: readonly BegunMigration[]) {
  const records = await lab.records();
  const decision = decideRollback({ environment: "prod", records, to, flags: "" });
  if (decision.way === "refused" || decision.way === "nothing") throw new Error(decision.way);
  const facts = { environment: "prod", records, decision, to, migrations, problems: [], unknown: [], flags: "" };
  return rollbackPreviewSchema.parse(previewRollback({ ...facts, parts: ["code"] }));
}

describe("old code on a contracted schema", () => {
  it("is refused with the migration, its phase, and the way out", async () => {
    const lab = await arrange();
    expect(await decide(lab, "r1", [migration("2026-11-28T13:30:00.000Z")])).toMatchObject({
      way: "refused",
      refusal: {
        what: "The code of r1 cannot run on the data of prod any more",
        why: expect.stringMatching(/0002-drop-name of items \(phase contract: .*\) was begun at 2026-11-28T13:30/),
        next: expect.stringMatching(/^slipway rollback prod --to r2 goes to one that knows it; or slipway deploy prod/),
      },
    });
  });

  it("is no obstacle to code that has run with it, nor to expansions", async () => {
    const lab = await arrange();
    expect(await decide(lab, "r2", [migration("2026-11-28T13:30:00.000Z")])).toMatchObject({ way: "put-back" });
    expect(await decide(lab, "r1", [migration("2026-11-28T12:30:00.000Z")])).toMatchObject({ way: "release" });
    expect(await decide(lab, "r1", [migration("2026-11-28T13:30:00.000Z", "expand")])).toMatchObject({
      way: "release",
    });
    expect(await decide(lab, "r2", [migration("2026-11-28T14:30:00.000Z")])).toMatchObject({ way: "refused" });
  });

  it("is no obstacle to code that a rollback has run with it", async () => {
    const lab = await arrange();
    await lab.rollBack({ to: "r1" });
    lab.clock.advance(3_600_000);
    await lab.deploy();
    expect(await decide(lab, "r1", [migration("2026-11-28T15:30:00.000Z")])).toMatchObject({ way: "release" });
  });
});

describe("previewRollback", () => {
  it("says of code, infrastructure and data together what goes back, and what stays", async () => {
    const lab = await arrange();
    const shown = await preview(lab, "r1", [migration("2026-11-28T13:30:00.000Z", "expand")]);
    expect(shown).toMatchObject({ from: "r3", to: "r1", way: "release", warnings: [] });
    expect(shown.parts).toMatchObject([
      { part: "code", goes: true, differs: true, lines: ["api-handler-prod from version 4 to 2"], irreversible: [] },
      {
        ...{ part: "infrastructure", goes: false, differs: true },
        lines: [
          "r2 has applied 0 to add, 1 to change, 0 to destroy",
          "r3 has applied 0 to add, 1 to change, 0 to destroy",
        ],
        command: "slipway rollback prod infrastructure --to r1",
      },
      {
        ...{ part: "data", goes: false, differs: true, command: "slipway rollback prod data --to r1" },
        lines: ["0002-drop-name of items (expand) was begun at 2026-11-28T13:30:00.000Z"],
      },
    ]);
  });

  it("says what it does not know", async () => {
    const [, , data] = (await preview(await arrange(), "r2")).parts;
    expect(data).toMatchObject({ differs: null, lines: ["nobody could see which migrations were run"] });
  });

  it("knows how long it took before", async () => {
    const lab = await arrange();
    expect((await preview(lab, "r1", [])).parts[0]?.seconds).toBeNull();
    await lab.rollBack({ to: "r1" });
    await lab.deploy();
    expect((await preview(lab, "r2", [])).parts[0]?.seconds).not.toBeNull();
  });

  it("minds what was put back, and a rollback that is taken back", async () => {
    const lab = await arrange();
    await lab.rollback();
    expect((await preview(lab, "r3", [])).warnings).toEqual(["r3 was put back itself: Jane wants it back"]);
    const other = await arrange();
    await other.rollBack({ to: "r1" });
    expect((await preview(other, "r3", [])).warnings).toEqual([
      "r4 is a rollback itself: this goes back to r3, from which it went away",
    ]);
  });
});
