import { acceptFindings } from "@slipway/analysis";
import type { AcceptedFinding, InfrastructureFinding } from "@slipway/contracts";
import type { PolicyInForce } from "./policy-in-force.ts";

/**
 * Waives what the configuration accepts (`infrastructurePolicy.accepted`). Of what stops a release an acceptance counts only where what runs
 * has it, too: one that a release brings along would be the author's own yes to the loss of a table. Somebody else has to accept that
 * by name, and once it is live it counts by itself. What is taken out counts no more at once.
 *
 * @param own what the release accepts itself
 * @param inForce undefined where nobody asks for more than that
 * @param today in UTC, as `2026-11-23`
 */
export function acceptInForce(
  findings: readonly InfrastructureFinding[],
  own: readonly AcceptedFinding[],
  inForce: Pick<PolicyInForce, "accepted" | "because"> | undefined,
  today: string,
): InfrastructureFinding[] {
  const accept = (accepted: readonly AcceptedFinding[]) =>
    acceptFindings(findings, { accepted, today, isComplete: false });
  const judged = accept(own);
  if (inForce?.accepted === undefined) {
    return judged;
  }
  const before = accept(inForce.accepted);
  return judged.map((each, index): InfrastructureFinding => {
    const found = findings[index];
    if (
      each.status !== "waived" ||
      each.severity !== "high" ||
      found === undefined ||
      before[index]?.status === "waived"
    ) {
      return each;
    }
    const why = `It is accepted in slipway.config.ts (${each.accepted?.reason}), and not by ${inForce.because}: until that is live, somebody other than the author has to accept it by name.`;
    return { ...found, reason: `${found.reason} ${why}` };
  });
}
