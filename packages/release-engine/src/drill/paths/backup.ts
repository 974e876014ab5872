import { drilledDocuments } from "@slipway/contracts";
import { demand } from "../demand.ts";
import { DrillFailure } from "../drill-failure.ts";
import type { DrillPath } from "../drill-path.ts";
import { durationWords } from "../duration-words.ts";

/** So many that they take more than one page of a scan on the way, and little time. */
const ITEMS = 500;

/** Backups are made, restored, and compared with what they were made of. */
export const backup: DrillPath = {
  name: "backup",
  title: "A backup of each table can be restored",
  needs: "nothing",
  async rehearse({ ground }) {
    const { environment } = ground;
    const tables = (await ground.tables()).map(({ name }) => name);
    if (tables.length === 0) {
      return { status: "pass", found: "it has no table: there is nothing to back up" };
    }
    for (const table of tables) {
      await ground.write(table, ITEMS, "good");
    }
    const made = await ground.slipway(["backup", environment, "create", "--name", "drill"]);
    const { backups } = demand(made, drilledDocuments.backups);
    const left = tables.filter((table) => !backups.some((each) => each.table === table));
    if (left.length > 0) {
      throw new DrillFailure(`${made.command} made no backup of ${left.join(", ")}`);
    }
    const verified = await ground.slipway(["backup", environment, "verify"]);
    const { verifications } = demand(verified, drilledDocuments.verifications);
    for (const table of tables) {
      const found = verifications.find((each) => each.table === table);
      if (found?.verdict !== "pass" || (found.items ?? 0) < ITEMS) {
        throw new DrillFailure(
          `${verified.command} found ${found?.items ?? "no"} items of ${ITEMS} in the backup of ${table}, verdict ${found?.verdict ?? "none"}`,
        );
      }
    }
    const items = verifications.reduce((sum, each) => sum + (each.items ?? 0), 0);
    return {
      status: "pass",
      found: `${tables.join(", ")}: backed up in ${durationWords(made.durationMs)}, restored and compared in ${durationWords(verified.durationMs)}, ${items} items`,
    };
  },
};
