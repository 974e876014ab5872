import { stepResultSchemas } from "@slipway/contracts";
import { ReleaseError, type ReleaseRecord } from "@slipway/release-engine";

/**
 * Asks that taking an undo back writes no more items than the undo has written. Which those were is written down nowhere: an item that a
 * person had repaired by then looks like one of them, and would be given the bad image.
 *
 * @param written how many would be written now
 * @throws {ReleaseError} `conflict` when they are more
 */
export function assertNoMoreThanUndone(
  { id, steps, plan }: Pick<ReleaseRecord, "id" | "steps" | "plan">,
  written: number,
) {
  const step = steps.get("data.write-back");
  const result = stepResultSchemas["data.write-back"].safeParse(step?.result).data;
  if (step === undefined || result === undefined) {
    return;
  }
  // What an attempt that was broken off has written, the next one has found as it was wanted.
  const most = step.attempts > 1 ? result.restored : result.written;
  if (written > most) {
    const more = written - most;
    throw new ReleaseError({
      kind: "conflict",
      what: `--undo-of: ${written.toLocaleString("en-US")} items would be written, and ${id} has written ${most.toLocaleString("en-US")}`,
      why: `${more.toLocaleString("en-US")} of them were right before ${id}, by somebody else's hand, and would be given the bad image`,
      next: `nothing was changed; undo the writes of ${id} by their own window instead: slipway rollback ${plan.environment} data --undo --since ... --until ... --plan`,
    });
  }
}
