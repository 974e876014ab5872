import type { AcceptedFinding, InfrastructureFinding } from "@slipway/contracts";
import { matchesGlob } from "../orphans/matches-glob.ts";
import { finding } from "./finding.ts";

/** What the configuration accepts, and when that is asked. */
export interface Acceptance {
  readonly accepted: readonly AcceptedFinding[];
  /** Today in UTC, as `2026-11-23`. */
  readonly today: string;
  /** Whether everything was looked at, so that an acceptance of nothing is one that is left over. */
  readonly isComplete: boolean;
}

/**
 * Waives what the configuration accepts. An acceptance that has expired counts no more, and one that nothing needs any more is a
 * finding itself: it would hide the next one that fits.
 */
export function acceptFindings(
  findings: readonly InfrastructureFinding[],
  { accepted, today, isComplete }: Acceptance,
): InfrastructureFinding[] {
  const used = new Set<AcceptedFinding>();
  const judged = findings.map((each): InfrastructureFinding => {
    const matching = accepted.filter((acceptance) => covers(acceptance, each));
    for (const acceptance of matching) {
      used.add(acceptance);
    }
    const valid = matching.find(({ expires }) => expires === undefined || today <= expires);
    if (valid !== undefined) {
      const { reason, expires } = valid;
      return { ...each, status: "waived", accepted: { reason, ...(expires === undefined ? {} : { expires }) } };
    }
    const [expired] = matching;
    return expired === undefined
      ? each
      : { ...each, reason: `${each.reason} It was accepted until ${expired.expires}: ${expired.reason}` };
  });
  const left = isComplete ? accepted.filter((acceptance) => !used.has(acceptance)) : [];
  return [...judged, ...left.map(unused)];
}

function covers(acceptance: AcceptedFinding, { id, address, root, statement }: InfrastructureFinding): boolean {
  return (
    acceptance.finding === id &&
    matchesGlob(acceptance.address, address) &&
    (acceptance.root === undefined || matchesGlob(acceptance.root, root ?? "")) &&
    (acceptance.statement === undefined || acceptance.statement === statement)
  );
}

function unused({ finding: id, address, statement }: AcceptedFinding): InfrastructureFinding {
  const what = statement === undefined ? address : `${address}, statement ${statement}`;
  return finding(
    { address: "slipway.config.ts", attribute: "infrastructurePolicy.accepted" },
    {
      id: "policy.unused-acceptance",
      severity: "low",
      reason: `${id} is accepted for ${what}, and there is no such finding: the acceptance would only hide the next one.`,
      next: "take it out of slipway.config.ts",
    },
  );
}
