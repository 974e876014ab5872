import type { InfrastructureFinding } from "@slipway/contracts";

/** Where a finding is. */
export type FindingPlace = Pick<InfrastructureFinding, "root" | "address" | "attribute" | "statement">;

/** What a finding says. */
export type FindingWords = Pick<InfrastructureFinding, "id" | "severity" | "reason" | "next">;

/** A finding, with those parts of its place that there are. */
export function finding(
  { root, address, attribute, statement }: FindingPlace,
  words: FindingWords,
  status: "fail" | "unknown" = "fail",
): InfrastructureFinding {
  return {
    ...{ id: words.id, severity: words.severity, status },
    ...(root === undefined ? {} : { root }),
    address,
    ...(attribute === undefined ? {} : { attribute }),
    ...(statement === undefined ? {} : { statement }),
    ...{ reason: words.reason, next: words.next },
  };
}
