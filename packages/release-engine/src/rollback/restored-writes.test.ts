import { rollbackPreviewSchema } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { withTable } from "../restore/test/fake-restore.ts";
import { ADDRESS, expectOneTable, RESTORED, restore, TABLE } from "../restore/test/restore-lab.ts";
import { fakeHandlers } from "../test/fake-handlers.ts";
import { ReleaseLab } from "../test/release-lab.ts";
import { decideRollback } from "./decide-rollback.ts";
import { previewRollback } from "./preview-rollback.ts";
import { assertLossConfirmed } from "./restored-writes.ts";
import { rollBack } from "./roll-back.ts";

async function restored(waiting: readonly string[] = []): Promise<ReleaseLab> {
  const lab = new ReleaseLab(["api-handler"]);
  withTable(lab.world, ADDRESS, TABLE);
  await lab.deploy();
  await restore(lab, { bad: waiting });
  return lab;
}

async function preview(lab: ReleaseLab) {
  const records = await lab.records();
  const decision = decideRollback({ environment: "prod", records, to: "r1", flags: "" });
  if (decision.way !== "put-back") throw new Error(decision.way);
  const facts = { environment: "prod", records, decision, migrations: [], problems: [], unknown: [], flags: "" };
  return rollbackPreviewSchema.parse(previewRollback({ ...facts, parts: ["code"] }));
}

function roll(lab: ReleaseLab, confirmed?: readonly string[]) {
  return lab.process((held) =>
    rollBack(lab.ports, {
      ...{ held, handlers: fakeHandlers(lab.world), reason: "Jane: back", to: "r1" },
      ...(confirmed !== undefined && { confirmed }),
    }),
  );
}

describe("putting a live restore back", () => {
  it("is shown with the writes that it loses, and with what becomes of the tables", async () => {
    const { parts } = await preview(await restored());
    const [, infrastructure, data] = parts;
    expect(data).toMatchObject({
      ...{ part: "data", goes: true, differs: true },
      lines: [`${TABLE} takes the place of ${RESTORED} again, as it was at the switch`],
      irreversible: [expect.stringContaining(`every write since the switch to ${RESTORED} is lost`)],
    });
    expect(infrastructure?.lines.at(-1)).toContain(`Terraform gets ${TABLE} back`);
  });

  it("changes nothing until the restored table's name is typed", async () => {
    const lab = await restored();
    for (const typed of [undefined, [], [TABLE]]) {
      await expect(roll(lab, typed)).rejects.toMatchObject({
        ...{ kind: "usage", next: expect.stringContaining(`slipway rollback prod --to r1 --confirm ${RESTORED}`) },
      });
    }
    await expectOneTable(lab);
    expect(await roll(lab, [RESTORED])).toMatchObject({ state: "put-back" });
    await expectOneTable(lab);
  });

  it("is not asked again of what is on its way back", async () => {
    const record = await (await restored()).newest();
    expect(() => assertLossConfirmed(record, [], "slipway rollback prod")).toThrow("loses data");
    expect(() => assertLossConfirmed({ ...record, puttingBack: "Jane: back" }, [], "-")).not.toThrow();
  });

  it("loses nothing, and asks nothing, before the restored table had any traffic", async () => {
    const lab = await restored(["code.prove.api-handler"]);
    const [, , data] = (await preview(lab)).parts;
    expect(data).toMatchObject({ goes: false, lines: [expect.stringContaining("what users wrote stays")] });
    expect(await roll(lab)).toMatchObject({ state: "put-back" });
    await expectOneTable(lab);
  });
});
