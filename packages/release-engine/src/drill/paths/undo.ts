import { drilledDocuments } from "@slipway/contracts";
import type { DrillGround } from "../../ports/drill-stage.ts";
import { demand } from "../demand.ts";
import { DrillFailure } from "../drill-failure.ts";
import type { DrillPath } from "../drill-path.ts";
import { durationWords } from "../duration-words.ts";
import { knownSecond } from "../known-second.ts";
import { tablesToRecover } from "../tables-to-recover.ts";

const ITEMS = 200;
const DAMAGED = 20;
/** Of the damaged ones: changed by somebody since, so that they must not be touched. */
const CHANGED_SINCE = 5;
/** How an undo ends that has left items to people. */
const LEFT_SOME = 3;
/** DynamoDB exports no window that is shorter than fifteen minutes, or younger than five. */
const LAG_MS = 25 * 60_000;

/** Bad writes are taken back in place, and nothing that somebody has changed since. */
export const undo: DrillPath = {
  name: "undo",
  title: "Bad writes can be taken back in place",
  needs: "nothing",
  async rehearse({ ground }) {
    const found = await tablesToRecover(ground);
    if ("instead" in found) {
      return found.instead;
    }
    const strange = found.tables.filter(({ configured }) => configured === undefined).map(({ name }) => name);
    const told: string[] = [];
    for (const { name, configured } of found.tables) {
      if (configured !== undefined) {
        told.push(`${name}: ${await undoOne(ground, name, configured)}`);
      }
    }
    return strange.length === 0
      ? { status: "pass", found: told.join("; ") }
      : {
          status: "unknown",
          found: [...told, `${strange.join(", ")}: no table of environments.${ground.environment}.data is it`].join(
            "; ",
          ),
          next: `add it to environments.${ground.environment}.data.tables in slipway.config.ts`,
        };
  },
};

async function undoOne(ground: DrillGround, table: string, configured: string): Promise<string> {
  const { environment } = ground;
  await ground.write(table, ITEMS, "good");
  // What has to come of it: the same table, with the changes that somebody makes since.
  await ground.write(table, CHANGED_SINCE, "changed-since");
  const expected = await ground.digest(table);
  await ground.write(table, CHANGED_SINCE, "good");
  const from = await knownSecond(ground);
  await ground.write(table, DAMAGED, "damaged");
  const to = await knownSecond(ground);
  await ground.write(table, CHANGED_SINCE, "changed-since");
  await ground.pass(LAG_MS);
  const select = ["--table", configured, "--since", from, "--until", to, "--where", "after.slipwayDrill=damaged"];
  const words = ["rollback", environment, "data", "--undo", ...select];
  const planned = await ground.slipway([...words, "--plan"]);
  const { written } = demand(planned, drilledDocuments.undoPreview).would;
  if (written !== DAMAGED - CHANGED_SINCE) {
    throw new DrillFailure(
      `${planned.command} would write ${written} items, and ${DAMAGED - CHANGED_SINCE} of ${DAMAGED} bad ones were not changed since`,
    );
  }
  const ran = await ground.slipway([...words, "--yes", String(written)]);
  const { outcome } = demand(ran, drilledDocuments.rollback, LEFT_SOME);
  const after = await ground.digest(table);
  if (outcome !== "done" || after.digest !== expected.digest) {
    throw new DrillFailure(
      `${ran.command} came to ${outcome}, and ${table} ${after.digest === expected.digest ? "is" : "is not"} what it has to be`,
    );
  }
  return `${written} of ${DAMAGED} bad writes taken back in ${durationWords(ran.durationMs)}, ${CHANGED_SINCE} left as somebody changed them since, no other item touched`;
}
