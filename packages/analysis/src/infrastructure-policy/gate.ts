import type { FindingSeverity, InfrastructureFinding } from "@slipway/contracts";

/**
 * What cannot be looked at afterwards, because it has been done then: where it is not known whether a plan does it, it is taken to do it.
 */
const DONE_IS_DONE = new Set<string>(["plan.alias-moved", "plan.code-replaced", "plan.incomplete"]);

/**
 * Whether a finding stops a plan: it is of high severity, nobody has accepted it, and it is so. What is known only after the apply is
 * judged then, unless it is too late by then.
 */
export function stopsPlan({ id, severity, status }: InfrastructureFinding): boolean {
  return severity === "high" && (status === "fail" || (status === "unknown" && DONE_IS_DONE.has(id)));
}

/** What an approval accepts a finding by: its id and its address. */
export function findingName({ id, address }: Pick<InfrastructureFinding, "id" | "address">): string {
  return `${id} ${address}`;
}

const SEVERITY: Readonly<Record<FindingSeverity, number>> = { high: 0, medium: 1, low: 2 };
const STATUS: Readonly<Record<InfrastructureFinding["status"], number>> = { fail: 0, unknown: 1, waived: 2 };

/** Highest risk first: what stops, what is wrong, what is not known yet, what is accepted. What a plan does comes before what is there. */
export function byRisk(findings: readonly InfrastructureFinding[]): InfrastructureFinding[] {
  const rank = (finding: InfrastructureFinding) =>
    (stopsPlan(finding) ? 0 : 1000) +
    (finding.status === "waived" ? 500 : 0) +
    SEVERITY[finding.severity] * 10 +
    STATUS[finding.status] * 2 +
    (finding.id.startsWith("plan.") ? 0 : 1);
  return [...findings].sort((left, right) => rank(left) - rank(right));
}
