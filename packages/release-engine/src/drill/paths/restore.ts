import { drilledDocuments, stepResultSchemas } from "@slipway/contracts";
import type { DrillGround } from "../../ports/drill-stage.ts";
import { demand } from "../demand.ts";
import { DrillFailure } from "../drill-failure.ts";
import type { DrillPath } from "../drill-path.ts";
import { durationWords } from "../duration-words.ts";
import { knownSecond } from "../known-second.ts";
import { tablesToRecover } from "../tables-to-recover.ts";

const ITEMS = 200;
const DAMAGED = 10;
/** DynamoDB restores to no second that is younger than five minutes. */
const LAG_MS = 6 * 60_000;

/** A table whose items are damaged is restored to the second before, item for item; and deleted again instead of taking its place. */
export const restore: DrillPath = {
  name: "restore",
  title: "Each table can be restored to a second",
  needs: "nothing",
  async rehearse({ ground }) {
    const found = await tablesToRecover(ground);
    if ("instead" in found) {
      return found.instead;
    }
    const told: string[] = [];
    for (const { name } of found.tables) {
      told.push(`${name}: ${await restoreOne(ground, name)}`);
    }
    return { status: "pass", found: told.join("; ") };
  },
};

async function restoreOne(ground: DrillGround, table: string): Promise<string> {
  const { environment } = ground;
  await ground.write(table, ITEMS, "good");
  const before = await ground.digest(table);
  const second = await knownSecond(ground);
  await ground.write(table, DAMAGED, "damaged");
  await ground.pass(LAG_MS);
  const words = ["rollback", environment, "data", "--restore", "--table", table, "--to-time", second, "--dry-run"];
  const ran = await ground.slipway(words);
  const { outcome, release } = demand(ran, drilledDocuments.rollback);
  if (outcome !== "done" || release === null) {
    throw new DrillFailure(`${ran.command} came to ${outcome}`);
  }
  const shown = await ground.slipway(["show", environment, release]);
  const step = demand(shown, drilledDocuments.shown).steps.find(({ kind }) => kind === "data.verify");
  const restored = stepResultSchemas["data.verify"].safeParse(step?.result).data;
  if (restored === undefined) {
    throw new DrillFailure(`${ran.command} ended with 0, but ${release} verified nothing`);
  }
  if (restored.digest !== before.digest || restored.items !== before.items) {
    throw new DrillFailure(
      `${ran.command} restored ${restored.items} items, digest ${restored.digest}; at that second ${table} had ${before.items}, digest ${before.digest}`,
    );
  }
  return `${DAMAGED} of ${before.items} items were damaged; restored to the second before in ${durationWords(ran.durationMs)}, equal item for item`;
}
