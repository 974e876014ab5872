import { stepResultSchemas } from "@slipway/contracts";
import { ReleaseError, type ReleaseRecord, type WriteBack } from "@slipway/release-engine";

/** What taking an undo back would do: what is selected, and what of it would be written. */
export interface WouldTakeBack {
  /** Digest of the selection. */
  readonly selected: string;
  readonly would: Pick<WriteBack, "written" | "digests">;
}

/**
 * Asks that taking an undo back writes no items but those that the undo has written. Their keys are written down nowhere: an item that a
 * person had repaired by then looks like one of them, and would be given the bad image. So counts and digests have to say that they are the
 * same. Where the undo has written all that was selected, whatever is written now is one of them.
 *
 * @throws {ReleaseError} `conflict` when others would be written, or nobody can tell
 */
export function assertNoMoreThanUndone(
  { id, steps, plan }: Pick<ReleaseRecord, "id" | "steps" | "plan">,
  { selected, would }: WouldTakeBack,
): void {
  const refuse = (what: string, why: string) =>
    new ReleaseError({
      kind: "conflict",
      what: `--undo-of: ${what}`,
      why,
      next: `nothing was changed; undo the writes of ${id} by their own window instead: slipway rollback ${plan.environment} data --undo --since ... --until ... --plan`,
    });
  const confirmed = plan.undo?.confirmed.digest;
  if (confirmed !== undefined && confirmed !== selected) {
    throw refuse(
      `the window of ${id} has another selection now`,
      `its digest is ${selected.slice(0, 12)}, and ${confirmed.slice(0, 12)} was undone: keys or images are not the same`,
    );
  }
  const step = steps.get("data.write-back");
  const result = stepResultSchemas["data.write-back"].safeParse(step?.result).data;
  if (step === undefined || result === undefined) {
    return;
  }
  // What an attempt that was broken off has written, the next one has found as it was wanted.
  const which = step.attempts > 1 ? "restored" : "written";
  const [most, digest] = [result[which], result.digests?.[which]];
  const { written } = would;
  if (written > most) {
    throw refuse(
      `${numbered(written)} would be written, and ${id} has written ${most.toLocaleString("en-US")}`,
      `${(written - most).toLocaleString("en-US")} of them were right before ${id}, by somebody else's hand, and would be given the bad image`,
    );
  }
  const isAll = most === result.items;
  if (!isAll && written > 0 && digest !== undefined && would.digests?.written !== digest) {
    throw refuse(
      `${numbered(written)} would be written, and they are not the ${most.toLocaleString("en-US")} that ${id} has written`,
      `${id} has left ${numbered(result.items - most)} as they were, and some have changed since: among those that would be given the bad image may be one that somebody has repaired by hand`,
    );
  }
}

function numbered(count: number): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? "item" : "items"}`;
}
