import { ACTIONS_AS_OF, ACTIONS_ON_COMPOSITE_ALARMS, ACTIONS_WITHOUT_RESOURCES } from "./actions-without-resources.ts";
import type { JudgedPolicy, StatementFault } from "./judge-policy.ts";
import { isWholeType, narrows } from "./narrowing.ts";
import type { PolicyStatement } from "./policy-document.ts";

/** Wildcards in what is allowed, and on what. */
export function judgeReach(statement: PolicyStatement, policy: JudgedPolicy): StatementFault[] {
  return statement.effect === "Deny" ? [] : [...judgeActions(statement, policy), ...judgeResources(statement, policy)];
}

function judgeActions(statement: PolicyStatement, policy: JudgedPolicy): StatementFault[] {
  const whole = statement.actions.filter((action) => /^([\w-]*\*[\w-]*|[\w-]+:\*+)$/.test(action));
  if (whole.length === 0 || isOwnKeyDelegation(statement, policy)) {
    return [];
  }
  if (policy.kind === "key" && policy.account === undefined && delegatesTo(statement) !== undefined) {
    return [
      {
        id: "iam.wildcard-action",
        severity: "high",
        status: "unknown",
        reason: `Account ${delegatesTo(statement)} may do everything with the key; whether that is its own is known only after the apply.`,
        next: "judge it again after the apply",
      },
    ];
  }
  const everything = whole.some((action) => !action.includes(":") || action.startsWith("*"));
  return [
    {
      id: "iam.wildcard-action",
      severity: everything || statement.resources.some(isWholeType) ? "high" : "medium",
      reason: `It allows ${whole.join(", ")}: ${everything ? "everything" : "everything of the service"}, also what nobody has thought of and what AWS adds later.`,
      next: "list the actions that are called (slipway local access shows which)",
    },
  ];
}

/** The own account as a whole, in the policy of a key: AWS's default, without which IAM policies have no effect on it. */
export function isOwnKeyDelegation(statement: PolicyStatement, { kind, account }: JudgedPolicy): boolean {
  return kind === "key" && account !== undefined && delegatesTo(statement) === account;
}

/** The one account whose root a statement names; undefined for anybody else. */
function delegatesTo({ principals }: PolicyStatement): string | undefined {
  const [principal, ...others] = principals;
  return principal?.type === "AWS" && others.length === 0
    ? /^arn:[\w-]+:iam::(\d{12}):root$/.exec(principal.id)?.[1]
    : undefined;
}

function judgeResources(statement: PolicyStatement, { kind }: JudgedPolicy): StatementFault[] {
  const whole = statement.resources.filter(isWholeType);
  // A resource's own policy is about that resource; a trust policy names none.
  if (kind !== "identity" || whole.length === 0 || narrows(statement, namesResource)) {
    return [];
  }
  const faults: StatementFault[] = [];
  const { limitable, unknown } = sortActions(statement.actions);
  const where = whole.some((resource) => /^[*?]+$/.test(resource)) ? "any resource" : whole.join(", ");
  if (limitable.length > 0) {
    faults.push({
      id: "iam.wildcard-resource",
      severity: limitable.every(isRead) ? "low" : "medium",
      reason: `It allows ${limitable.join(", ")} on ${where}, although AWS lets ${limitable.length === 1 ? "that action" : "these actions"} be limited to resources (as of ${ACTIONS_AS_OF}).`,
      next: "name the resources, or demand a tag of theirs (aws:ResourceTag/...)",
    });
  }
  if (unknown.length > 0) {
    faults.push({
      id: "iam.wildcard-resource",
      severity: "medium",
      status: "unknown",
      reason: `It allows ${unknown.join(", ")} on ${where}; whether AWS lets that be limited is not in the table of ${ACTIONS_AS_OF}.`,
      next: "name the resources; where that is not possible, accept the finding with the reason",
    });
  }
  return faults;
}

/** Condition keys that say which resources are meant, or what a new one must be like. */
function namesResource(key: string): boolean {
  return /^(aws:resourcetag\/|aws:requesttag\/|kms:encryptioncontext:|kms:resourcealiases$|[\w-]+:resourcetag\/|ssm:resourcetag\/|dynamodb:leadingkeys$|iam:permissionsboundary$|cloudwatch:namespace$)/.test(
    key,
  );
}

function sortActions(actions: readonly string[]): { limitable: string[]; unknown: string[] } {
  const limitable: string[] = [];
  const unknown: string[] = [];
  for (const action of actions) {
    const [service = "", name = ""] = action.toLowerCase().split(":");
    const table = ACTIONS_WITHOUT_RESOURCES.get(service);
    if (table === undefined && !service.includes("*")) {
      unknown.push(action);
    } else if (!(table?.has(name) || ACTIONS_ON_COMPOSITE_ALARMS.has(action.toLowerCase()))) {
      limitable.push(action);
    }
  }
  return { limitable, unknown };
}

function isRead(action: string): boolean {
  return /:(BatchGet|Describe|Filter|Get|Head|List|Lookup|Query|Search|Simulate)\w*\*?$/i.test(action);
}
