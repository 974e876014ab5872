import type { FindingSeverity } from "@slipway/contracts";
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
    const judged = `${counted(resources, "resource")} of the state judged`;
    const known = accepted === 0 ? "" : `, ${counted(accepted, "finding")} accepted in slipway.config.ts`;
    const [first] = open;
    if (first === undefined) {
      return [{ status: "pass", found: `${judged}, nothing found${known}` }];
    }
    const shown = open
      .slice(0, MOST_SHOWN)
      .map(
        ({ id, address, statement, reason }) =>
          `${id} ${address}${statement === undefined ? "" : ` (${statement})`}: ${reason}`,
      );
    const rest = open.length > MOST_SHOWN ? [`and ${open.length - MOST_SHOWN} more`] : [];
    return [
      {
        status: open.some(({ status }) => status === "fail") ? "fail" : "unknown",
        found: [`${judged}, ${counted(open.length, "finding")}${known}`, ...shown, ...rest].join("\n"),
        next: first.next,
      },
    ];
  },
};
