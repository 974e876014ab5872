import { releasePlanSchema } from "@slipway/contracts";
import { expect, it } from "vitest";
import { restoredVariables } from "../restore/restore-deps.ts";
import { withTable } from "../restore/test/fake-restore.ts";
import { ADDRESS, RESTORED, restore, TABLE } from "../restore/test/restore-lab.ts";
import { ReleaseLab } from "../test/release-lab.ts";
import { decideRollback } from "./decide-rollback.ts";
import { tablesInUse } from "./tables-in-use.ts";

async function variablesOf(lab: ReleaseLab, to: string) {
  const decision = decideRollback({
    ...{ environment: "prod", records: await lab.records(), to, parts: ["infrastructure"], flags: "" },
  });
  if (decision.way !== "release") throw new Error(decision.way);
  return restoredVariables(releasePlanSchema.parse(decision.plan));
}

it("plans earlier infrastructure on the table that is in use, not on the one it was restored from", async () => {
  const lab = new ReleaseLab(["api-handler"]);
  withTable(lab.world, ADDRESS, TABLE);
  await lab.deploy();
  await restore(lab);
  await lab.deploy();
  const inUse = { restored_table: { name: RESTORED, former: TABLE } };
  expect(await variablesOf(lab, "r1")).toEqual(inUse);
  // The restore was made of the commit before its file was committed, too.
  expect(await variablesOf(lab, "r2")).toEqual(inUse);
  // The files of this one were planned with it: they say it themselves.
  expect(tablesInUse(await lab.records(), await lab.newest())).toBeUndefined();
});

it("says nothing of a restore that was put back", async () => {
  const lab = new ReleaseLab(["api-handler"]);
  withTable(lab.world, ADDRESS, TABLE);
  await lab.deploy();
  await restore(lab);
  await lab.rollback();
  const [first] = await lab.records();
  expect(first && tablesInUse(await lab.records(), first)).toBeUndefined();
});
