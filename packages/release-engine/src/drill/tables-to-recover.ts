import type { DrilledTable, DrillGround } from "../ports/drill-stage.ts";
import { DrillFailure } from "./drill-failure.ts";
import type { DrillFinding } from "./drill-path.ts";

/** The tables whose data a path brings back; or what is to be said where there is nothing to bring back. */
export type TablesToRecover = { readonly tables: readonly DrilledTable[] } | { readonly instead: DrillFinding };

/**
 * Finds the tables of which every change can be looked at afterwards.
 *
 * @throws {DrillFailure} when an environment that is protected has one that keeps no changes: of that one no second comes back
 */
export async function tablesToRecover(ground: DrillGround): Promise<TablesToRecover> {
  const all = await ground.tables();
  const tables = all.filter(({ hasPointInTimeRecovery }) => hasPointInTimeRecovery);
  const without = all.filter((each) => !each.hasPointInTimeRecovery).map(({ name }) => name);
  if (without.length > 0 && ground.isProtected) {
    throw new DrillFailure(
      `point-in-time recovery is off for ${without.join(", ")}: no second of it can be brought back`,
    );
  }
  if (tables.length > 0) {
    return { tables };
  }
  const found =
    all.length === 0
      ? "it has no table: there is nothing to bring back"
      : `point-in-time recovery is off for ${without.join(", ")}, and nothing in an environment that is not protected has to outlive a mistake`;
  return { instead: { status: "pass", found } };
}
