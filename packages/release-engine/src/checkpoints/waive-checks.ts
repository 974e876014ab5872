import type { Evidence, Waiver } from "@slipway/contracts";

const WINDOW = /^validation\.(immediate|short|extended)\./;

/**
 * Evidence with what somebody has answered for. A waiver of a validation's check may leave its window out: `validation.user-feedback`.
 *
 * @param today `2026-11-28` (UTC)
 */
export function waiveChecks(evidence: readonly Evidence[], waivers: readonly Waiver[], today: string): Evidence[] {
  return evidence.map((each) => {
    if (each.status !== "fail" && each.status !== "unknown") {
      return each;
    }
    const waiver = waivers.find(
      ({ check, subject, expires }) =>
        (check === each.check || check === each.check.replace(WINDOW, "validation.")) &&
        (subject === undefined || subject === each.subject) &&
        today <= expires,
    );
    return waiver === undefined
      ? each
      : {
          ...each,
          status: "waived" as const,
          found: `${each.found}; waived by ${waiver.by} until ${waiver.expires}: ${waiver.reason}`,
        };
  });
}
