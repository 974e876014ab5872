import type { Evidence } from "@slipway/contracts";

/** Who answers for a check that did not pass, until when, and why. */
export function waiverWords({ by, expires, reason }: NonNullable<Evidence["waiver"]>): string {
  return `Waived by ${by}${expires === undefined ? "" : `, until ${expires}`}: ${reason}`;
}
