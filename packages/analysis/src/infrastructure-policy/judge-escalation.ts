import { matchesGlob } from "../orphans/matches-glob.ts";
import { ESCALATION_ACTIONS } from "./escalation-actions.ts";
import type { JudgedPolicy, StatementFault } from "./judge-policy.ts";
import { matchesAction } from "./matches-action.ts";
import { isWholeType, narrows } from "./narrowing.ts";
import type { PolicyDocument, PolicyStatement } from "./policy-document.ts";

/** What somebody could give himself by it. */
export function judgeEscalation(
  statement: PolicyStatement,
  policy: JudgedPolicy,
  document: PolicyDocument,
): StatementFault[] {
  if (statement.effect === "Deny" || policy.kind !== "identity") {
    return [];
  }
  return [...judgePassRole(statement, document), ...judgeOwnRights(statement, policy)];
}

const STARTS_CODE = ["lambda:CreateFunction", "lambda:UpdateFunctionConfiguration"];

function judgePassRole(statement: PolicyStatement, { statements }: PolicyDocument): StatementFault[] {
  if (!statement.actions.some((action) => matchesAction(action, "iam:PassRole"))) {
    return [];
  }
  const starter = STARTS_CODE.find((action) =>
    statements.some(({ effect, actions }) => effect === "Allow" && actions.some((each) => matchesAction(each, action))),
  );
  const how = starter === undefined ? "" : `, and ${starter} in the same policy runs code with it`;
  const faults: StatementFault[] = [];
  if (statement.resources.some(isWholeType)) {
    faults.push({
      id: "iam.pass-role",
      severity: "high",
      reason: `It lets every role of the account be passed on, the mightiest too${how}.`,
      next: "name the roles that are passed",
    });
  }
  if (!narrows(statement, (key) => key === "iam:passedtoservice")) {
    faults.push({
      id: "iam.pass-role",
      severity: "medium",
      reason: `It lets a role be passed to any service that the role trusts${how}.`,
      next: "demand iam:PassedToService",
    });
  }
  return faults;
}

function judgeOwnRights(statement: PolicyStatement, { role }: JudgedPolicy): StatementFault[] {
  const ways = Object.entries(ESCALATION_ACTIONS).filter(([action]) =>
    statement.actions.some((each) => matchesAction(each, action)),
  );
  // A boundary is the most that the changed role can ever do; a list of policies the most that can be attached.
  if (ways.length === 0 || narrows(statement, (key) => key === "iam:permissionsboundary" || key === "iam:policyarn")) {
    return [];
  }
  const whole = statement.resources.filter(isWholeType);
  const own = statement.resources.filter((resource) => role !== undefined && coversRole(resource, role));
  if (whole.length === 0 && own.length === 0) {
    return [];
  }
  const names = ways.map(([action, way]) => `${action} (${way})`).join(", ");
  return [
    {
      id: "iam.escalation",
      severity: "high",
      reason:
        whole.length > 0
          ? `Whoever has it can get any right: ${names}, on ${whole.join(", ")}.`
          : `The role ${role} can give itself any right: ${names}.`,
      next:
        whole.length > 0
          ? "name the resources, and demand a boundary (iam:PermissionsBoundary) where roles are made or changed"
          : "leave its own role out of the resources",
    },
  ];
}

function coversRole(resource: string, role: string): boolean {
  const name = /:role\/(?:.*\/)?([^/]+)$/.exec(resource)?.[1];
  return name !== undefined && matchesGlob(name, role);
}
