import type { Evidence, Waiver } from "@slipway/contracts";

/**
 * Waives what somebody has answered for. What passes needs no waiver, and one that has expired counts no more: it is named, so that
 * whoever gave it can give it again.
 *
 * @param today in UTC, as `2026-11-23`
 */
export function applyWaivers(evidence: readonly Evidence[], waivers: readonly Waiver[], today: string): Evidence[] {
  return evidence.map((each): Evidence => {
    if (each.status !== "fail" && each.status !== "unknown") {
      return each;
    }
    const meant = waivers.filter(
      ({ check, subject }) => check === each.check && (subject === undefined || subject === each.subject),
    );
    const valid = meant.find(({ expires }) => today <= expires);
    if (valid !== undefined) {
      const { by, reason, expires } = valid;
      return { ...each, status: "waived", waiver: { by, reason, expires } };
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
