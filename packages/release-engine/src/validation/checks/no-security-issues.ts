import type { FindingSeverity, InfrastructureFinding } from "@slipway/contracts";
import { type CheckFinding, counted, type ValidationCheck } from "../validation-check.ts";

const MOST_SHOWN = 5;
const RANK: Readonly<Record<FindingSeverity, number>> = { high: 0, medium: 1, low: 2 };

/** What is deployed keeps the infrastructure policy: nothing open to the world, hardened, with no more rights than are needed. */
export const noSecurityIssues: ValidationCheck = {
  window: "extended",
  name: "no-security-issues",
  title: "No security issues detected",
  judge({ measurements: { security } }): readonly CheckFinding[] {
    if (security === null) {
      return [{ status: "unknown", found: "the state was not judged" }];
    }
    const { resources, findings } = security;
    const accepted = findings.filter(({ status }) => status === "waived").length;
    const open = findings
      .filter(({ status }) => status !== "waived")
      .toSorted((left, right) => RANK[left.severity] - RANK[right.severity]);
    const judged = `${counted(resources, "resource")} of the state judged as validate:infrastructure judges plans`;
    const known = accepted === 0 ? "" : `, ${counted(accepted, "finding")} accepted in slipway.config.ts`;
    const [first] = open;
    if (first === undefined) {
      return [{ status: "pass", found: `${judged}, nothing found${known}` }];
    }
    const groups = [...Map.groupBy(open, ({ id, address, reason }) => `${id} ${address} ${reason}`).values()];
    const shown = groups.slice(0, MOST_SHOWN).map(textOf);
    const left = groups.slice(MOST_SHOWN).reduce((sum, group) => sum + group.length, 0);
    const rest = left > 0 ? [`and ${left} more`] : [];
    return [
      {
        status: open.some(({ status }) => status === "fail") ? "fail" : "unknown",
        found: [`${judged}, ${counted(open.length, "finding")}${known}`, ...shown, ...rest].join("\n"),
        next: first.next,
      },
    ];
  },
};

/** The same about several statements of a resource, such as operations of an API, is said once. */
function textOf(group: readonly InfrastructureFinding[]): string {
  const { id, address, reason } = group[0] as InfrastructureFinding;
  const statements = group.flatMap(({ statement }) => statement ?? []);
  return `${id} ${address}${statements.length === 0 ? "" : ` (${statements.join(", ")})`}: ${reason}`;
}
