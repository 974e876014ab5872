import type { ReleaseRecord } from "../ledger/release-record.ts";
import { ReleaseError } from "../release-error.ts";

/**
 * Asks of a release whose traffic is to go back by itself, without the steps that belong to it, that the versions before it have a table that
 * is in use: a restore has stopped the writes of theirs, or has let another table take its place, and only its own way back takes care of that.
 *
 * @throws {ReleaseError} `usage`
 */
export function assertTableTakesWrites({ id, plan, steps }: Pick<ReleaseRecord, "id" | "plan" | "steps">): void {
  const { restore } = plan.rollsBack ?? {};
  if (restore?.variable === undefined || !(steps.has("data.freeze") || steps.has("data.adopt"))) {
    return;
  }
  throw new ReleaseError({
    kind: "usage",
    what: `--break-glass: the versions before ${id} use ${restore.table}, which ${restore.restored} takes the place of`,
    why: "it is old, and its writes may be stopped: the traffic alone would go from bad to worse; giving the table back takes the ledger",
    next: `slipway rollback ${plan.environment}, once the ledger can be reached; to go there all the same: --break-glass --version FUNCTION=N`,
  });
}
