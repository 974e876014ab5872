import type { Evidence, Waiver } from "@slipway/contracts";
import { isWaiverAbout } from "./is-waiver-about.ts";
import { waive } from "./waive.ts";

/**
 * Waives what somebody has answered for. What passes needs no waiver, and one that has expired counts no more: it is named, so that
 * whoever gave it can give it again. A waiver of a validation's check may leave its window out: `validation.user-feedback`.
 *
 * @param today in UTC, as `2026-11-23`
 */
export function applyWaivers(evidence: readonly Evidence[], waivers: readonly Waiver[], today: string): Evidence[] {
  return evidence.map((each): Evidence => {
    if (each.status !== "fail" && each.status !== "unknown") {
      return each;
    }
    const meant = waivers.filter((waiver) => isWaiverAbout(waiver, each));
    const valid = meant.find(({ expires }) => today <= expires);
    if (valid !== undefined) {
      return waive(each, valid);
    }
    const [expired] = meant;
    return expired === undefined
      ? each
      : {
          ...each,
          found: `${each.found}\nIt was waived until ${expired.expires} by ${expired.by} (${expired.reason}); that has expired`,
        };
  });
}
