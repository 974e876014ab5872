import type { InfrastructureFinding } from "@slipway/contracts";
import { type FindingPlace, type FindingWords, finding } from "./finding.ts";
import { judgeEscalation } from "./judge-escalation.ts";
import { judgePrincipals } from "./judge-principals.ts";
import { judgeReach } from "./judge-reach.ts";
import { type PolicyDocument, type PolicyStatement, parsePolicyDocument } from "./policy-document.ts";

/**
 * What a policy is for: an identity's rights (boundaries too), who may assume a role, or who may use the resource that it is on.
 * The policy of a KMS key is a kind of its own, because a key without a word for its account is lost.
 */
export type PolicyKind = "identity" | "trust" | "resource" | "key";

/** The policy that is judged. */
export interface JudgedPolicy extends Omit<FindingPlace, "statement"> {
  readonly kind: PolicyKind;
  /** The account that it is in, where that is known. */
  readonly account?: string;
  /** Name of the role that has it, of an identity's policy. */
  readonly role?: string;
}

/** A rule: what is wrong with a statement, and `unknown` where nobody knows. */
export type StatementRule = (
  statement: PolicyStatement,
  policy: JudgedPolicy,
  document: PolicyDocument,
) => readonly StatementFault[];

export interface StatementFault extends FindingWords {
  readonly status?: "unknown";
}

const RULES: readonly StatementRule[] = [judgeLabel, judgeInversion, judgeReach, judgePrincipals, judgeEscalation];

/**
 * Holds an IAM policy against least privilege.
 *
 * @param document JSON text, or the object that it stands for
 * @returns findings in the order of the statements; none for a policy that says what it means
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
 */
export function judgePolicy(document: unknown, policy: JudgedPolicy): InfrastructureFinding[] {
  const parsed = parsePolicyDocument(document);
  if (parsed === undefined) {
    const words: FindingWords = {
      id: "iam.unreadable",
      severity: "high",
      reason: "This is no policy that can be read, so nobody knows what it allows.",
      next: "write it as JSON with a Statement, each with Effect Allow or Deny",
    };
    return [finding(policy, words, "unknown")];
  }
  const findings = parsed.version === "2012-10-17" ? [] : [finding(policy, versionWords(parsed.version))];
  for (const statement of parsed.statements) {
    for (const rule of RULES) {
      for (const { status, ...words } of rule(statement, policy, parsed)) {
        findings.push(finding({ ...policy, statement: statement.label }, words, status ?? "fail"));
      }
    }
  }
  return findings;
}

function versionWords(version: string | undefined): FindingWords {
  return {
    id: "iam.policy-version",
    severity: "low",
    reason: `Its version is ${version ?? "left out"}, in which policy variables such as \${aws:username} are plain text.`,
    next: 'write "Version": "2012-10-17"',
  };
}

/** What consoles and generators write, and what says nothing. */
const MEANINGLESS_SID = /^(stmt|statement|sid|visualeditor|allow|deny)?\d*$/i;

function judgeLabel({ sid, effect }: PolicyStatement): StatementFault[] {
  if (sid !== undefined && !MEANINGLESS_SID.test(sid)) {
    return [];
  }
  const found = sid === undefined ? "has no Sid" : `has the Sid ${sid}, which says nothing`;
  return effect === "Allow"
    ? [
        {
          id: "iam.missing-sid",
          severity: "low",
          reason: `The statement ${found}, so nobody can tell what it is there for, nor whether it is still needed.`,
          next: "give it a Sid that says what it allows",
        },
      ]
    : [
        {
          id: "iam.deny-without-reason",
          severity: "low",
          reason: `The denial ${found}: the next one who is denied by it cannot tell why, and may take it out.`,
          next: "give it a Sid that says what it prevents",
        },
      ];
}

/** In a denial, "everything but" is how one writes an exception; in an allowance it gives what AWS invents tomorrow. */
function judgeInversion({ effect, inverted }: PolicyStatement): StatementFault[] {
  return effect === "Deny"
    ? []
    : inverted.map((key) => ({
        id: "iam.inverted",
        severity: "high",
        reason: `Allow with ${key} gives everything that is not listed, also what does not exist yet.`,
        next: `list what is meant with ${key.slice("Not".length)}`,
      }));
}
