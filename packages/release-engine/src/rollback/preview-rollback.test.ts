import { type PlanSummary, rollbackPreviewSchema } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { ReleaseLab } from "../test/release-lab.ts";
import type { BegunMigration } from "./contracted-since.ts";
import { decideRollback } from "./decide-rollback.ts";
import { type PreviewFacts, previewRollback } from "./preview-rollback.ts";

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

async function preview(
  lab: ReleaseLab,
  to: string,
  migrations?: readonly BegunMigration[],
  { parts = ["code"], ...more }: Partial<Pick<PreviewFacts, "parts" | "plan" | "records">> = {},
) {
  const records = more.records ?? (await lab.records());
  const decision = decideRollback({ environment: "prod", records, to, parts, flags: "" });
  if (decision.way === "refused" || decision.way === "nothing") throw new Error(decision.way);
  const facts = { environment: "prod", records, decision, to, migrations, problems: [], unknown: [], flags: "" };
  return rollbackPreviewSchema.parse(previewRollback({ ...facts, parts, ...more }));
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

  it("proposes code and infrastructure together with the time of both, and says why not", async () => {
    const lab = await arrange();
    await lab.rollBack({ to: "r1", parts: ["code", "infrastructure"] });
    const { together } = await preview(lab, "r2", []);
    expect(together).toEqual({
      ...{ command: "slipway rollback prod code infrastructure --to r2", seconds: expect.any(Number), refused: null },
    });
    const dirty = (await lab.records()).map((record) =>
      record.id === "r2"
        ? { ...record, plan: { ...record.plan, source: { ...record.plan.source, dirty: true } } }
        : record,
    );
    expect((await preview(lab, "r2", [], { records: dirty })).together?.refused).toContain(
      "The infrastructure of prod cannot go back to r2: it was made from",
    );
    expect((await preview(lab, "r2", [], { parts: ["code", "infrastructure"] })).together).toBeNull();
  });

  it("goes by Terraform's plan where there is one: what it changes, what stops it, and what no plan brings back", async () => {
    const plan: PlanSummary = {
      ...{ version: 1, environment: "prod", release: null, planDigest: "a".repeat(64), stateSerial: 4 },
      ...{ stateLineage: "l", at: "2026-11-28T15:00:00.000Z", changed: true, gate: "stopped", omitted: 0 },
      source: { commit: "c".repeat(40), tree: "d".repeat(40), dirty: false },
      counts: { add: 0, change: 2, destroy: 1 },
      resources: [
        {
          ...{ address: "aws_dynamodb_table.archive", type: "aws_dynamodb_table", action: "destroy" },
          ...{ attributes: [], because: [], isReversible: false, lost: "the table, with what is in it" },
          destroys: { what: "table", name: "shop-archive" },
        },
      ],
      ...{ outputs: [], omittedFindings: 0 },
      findings: [
        {
          ...{ id: "plan.delete-stateful", severity: "high", status: "fail" },
          ...{ address: "aws_dynamodb_table.archive", reason: "It would be deleted.", next: "keep it" },
        },
      ],
    };
    const shown = await preview(await arrange(), "r1", [], { parts: ["infrastructure"], plan });
    expect(shown.plan).toEqual(plan);
    expect(shown.parts[1]).toMatchObject({
      ...{ goes: true, differs: true },
      lines: [
        "Terraform would add 0, change 2, destroy 1",
        "it would wait until somebody accepts by name: plan.delete-stateful aws_dynamodb_table.archive",
      ],
      irreversible: [
        "aws_dynamodb_table.archive: no plan brings back the table, with what is in it; it asks for --confirm shop-archive",
      ],
    });
  });
});
