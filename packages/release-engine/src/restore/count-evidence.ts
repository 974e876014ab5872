import type { Evidence } from "@slipway/contracts";

/** How many checks came out how. */
export function countEvidence(evidence: readonly Evidence[]): Readonly<Record<Evidence["status"], number>> {
  const counts = { pass: 0, fail: 0, unknown: 0, waived: 0 };
  for (const { status } of evidence) {
    counts[status] += 1;
  }
  return counts;
}
