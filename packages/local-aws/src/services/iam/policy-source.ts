import type { NamedPolicy, PolicySource, PrincipalPolicies } from "../../core/access.ts";
import type { PolicyDirectory } from "../../core/ports.ts";
import { findAwsManagedPolicy } from "./aws-managed-policies.ts";
import type { IamState, Identity } from "./iam-state.ts";
import { validatePolicyDocument } from "./policy-document.ts";

/** What stands in for a policy that nobody knows the document of: it allows nothing. */
const NOTHING = JSON.stringify({ Version: "2012-10-17", Statement: [] });

/** Gives the policies of roles and users to whoever decides by them. */
export function policySource(state: IamState, policies: PolicyDirectory): PolicySource {
  const reported = new Set<string>();

  /** A policy without a document must neither allow nor vanish from a boundary. */
  const managed = (arn: string, of: string): NamedPolicy => {
    const document = policies.findDocument(arn);
    if (document === undefined && !reported.has(arn)) {
      reported.add(arn);
      state.core.log(
        `IAM: ${of} has the policy ${arn}, whose document local AWS does not know; it allows nothing here. Attach a policy of your own with the same statements.`,
      );
    }
    return { name: arn, document: document ?? NOTHING };
  };

  const policiesOf = (kind: "role" | "user", identity: Identity): PrincipalPolicies => {
    const of = `${kind}/${identity.name}`;
    return {
      id: identity.id,
      identity: [
        ...Object.entries(identity.inlinePolicies).map(([name, document]) => ({
          name: inlinePolicyName(kind, identity.name, name),
          document,
        })),
        ...identity.attachedPolicies.map((arn) => managed(arn, of)),
      ],
      boundary: identity.permissionsBoundary === undefined ? undefined : managed(identity.permissionsBoundary, of),
      tags: Object.fromEntries(identity.tags.map(({ Key, Value }) => [Key, Value])),
    };
  };

  return {
    get revision() {
      return state.revision;
    },
    policiesOf(arn) {
      const found = findIdentity(state, arn);
      return found === undefined ? undefined : policiesOf(found.kind, found.identity);
    },
  };
}

/** Reads the documents of managed policies, the customer's and AWS's. */
export function policyDirectory(state: IamState): PolicyDirectory {
  return {
    findDocument(arn) {
      const policy = state.policies.get(arn);
      return policy === undefined
        ? findAwsManagedPolicy(arn)?.document
        : policy.versions.find(({ versionId }) => versionId === policy.defaultVersionId)?.document;
    },
    validate: (document) => validatePolicyDocument(document, "identity"),
  };
}

/** How traces of decisions call an inline policy. */
export function inlinePolicyName(kind: "role" | "user", identity: string, policy: string): string {
  return `inline policy ${policy} of ${kind}/${identity}`;
}

/** The role or user of an ARN, or `undefined` when there is none (any more). */
export function findIdentity(
  state: IamState,
  arn: string,
): { readonly kind: "role" | "user"; readonly identity: Identity } | undefined {
  const name = arn.split("/").at(-1) ?? "";
  const kind = arn.includes(":user/") ? "user" : "role";
  const identity: Identity | undefined = kind === "user" ? state.users.get(name) : state.roles.get(name);
  return identity?.arn === arn ? { kind, identity } : undefined;
}
