import { AwsError } from "../../core/aws-error.ts";
import type { Collection } from "../../store/store.ts";
import { findAwsManagedPolicy } from "./aws-managed-policies.ts";
import { encodeDocument, type IamState, type Identity, noSuchEntity, page, required, validName } from "./iam-state.ts";
import { validatePolicyDocument } from "./policy-document.ts";

/** Quotas of IAM for managed policies on one identity. */
const MOST_ATTACHED = 10;
const LONGEST_INLINE = { role: 10_240, user: 2_048 } as const;

/** The policy operations that roles and users share, over the collection that keeps the identities of one kind. */
export function identityPolicies<T extends Identity>(
  state: IamState,
  kind: "role" | "user",
  identities: Collection<T>,
) {
  const find = (name: string | undefined): T => {
    const identity = identities.get(required(name, `${kind}Name`));
    if (identity === undefined) {
      throw noSuchEntity(`The ${kind} with name ${name} cannot be found.`);
    }
    return identity;
  };
  const change = (identity: T, changes: Partial<Identity>): void => {
    identities.put(identity.name, { ...identity, ...changes });
  };
  return {
    find,
    change,

    putInline(name: string | undefined, policyName: string | undefined, document: string | undefined): void {
      const identity = find(name);
      const policy = validName(policyName, "policyName", 128);
      const text = required(document, "policyDocument");
      validatePolicyDocument(text, "identity");
      const inlinePolicies = { ...identity.inlinePolicies, [policy]: text };
      const size = Object.values(inlinePolicies).join("").replace(/\s/g, "").length;
      if (size > LONGEST_INLINE[kind]) {
        throw new AwsError(
          "LimitExceededException",
          `Maximum policy size of ${LONGEST_INLINE[kind]} bytes exceeded for ${kind} ${identity.name}`,
        );
      }
      change(identity, { inlinePolicies });
    },

    getInline(
      name: string | undefined,
      policyName: string | undefined,
    ): { PolicyName: string; PolicyDocument: string } {
      const identity = find(name);
      const wanted = required(policyName, "policyName");
      const document = Object.hasOwn(identity.inlinePolicies, wanted) ? identity.inlinePolicies[wanted] : undefined;
      if (document === undefined) {
        throw noSuchEntity(`The ${kind} policy with name ${policyName} cannot be found.`);
      }
      return { PolicyName: policyName ?? "", PolicyDocument: encodeDocument(document) };
    },

    deleteInline(name: string | undefined, policyName: string | undefined): void {
      const identity = find(name);
      const unwanted = required(policyName, "policyName");
      const { [unwanted]: _, ...inlinePolicies } = identity.inlinePolicies;
      if (!Object.hasOwn(identity.inlinePolicies, unwanted)) {
        throw noSuchEntity(`The ${kind} policy with name ${policyName} cannot be found.`);
      }
      change(identity, { inlinePolicies });
    },

    listInline(input: { Marker?: string; MaxItems?: number }, name: string | undefined) {
      const { items, ...rest } = page(Object.keys(find(name).inlinePolicies).sort(), input);
      return { PolicyNames: items, ...rest };
    },

    attach(name: string | undefined, policyArn: string | undefined): void {
      const identity = find(name);
      const arn = existingPolicy(state, policyArn);
      if (identity.attachedPolicies.includes(arn)) {
        return;
      }
      if (identity.attachedPolicies.length >= MOST_ATTACHED) {
        throw new AwsError(
          "LimitExceededException",
          `Cannot exceed quota for PoliciesPer${kind === "role" ? "Role" : "User"}: ${MOST_ATTACHED}`,
        );
      }
      change(identity, { attachedPolicies: [...identity.attachedPolicies, arn] });
    },

    detach(name: string | undefined, policyArn: string | undefined): void {
      const identity = find(name);
      if (!identity.attachedPolicies.includes(required(policyArn, "policyArn"))) {
        throw noSuchEntity(`Policy ${policyArn} was not found.`);
      }
      change(identity, { attachedPolicies: identity.attachedPolicies.filter((arn) => arn !== policyArn) });
    },

    listAttached(input: { Marker?: string; MaxItems?: number }, name: string | undefined) {
      const { items, ...rest } = page(find(name).attachedPolicies, input);
      return {
        AttachedPolicies: items.map((arn) => ({ PolicyArn: arn, PolicyName: arn.split("/").at(-1) ?? "" })),
        ...rest,
      };
    },

    putBoundary(name: string | undefined, policyArn: string | undefined): void {
      change(find(name), { permissionsBoundary: existingPolicy(state, policyArn) });
    },

    deleteBoundary(name: string | undefined): void {
      change(find(name), { permissionsBoundary: undefined });
    },

    /** What IAM demands before an identity can go. */
    refuseDeleteWhileInUse(identity: T): void {
      if (identity.attachedPolicies.length > 0) {
        throw new AwsError("DeleteConflictException", "Cannot delete entity, must detach all policies first.");
      }
      if (Object.keys(identity.inlinePolicies).length > 0) {
        throw new AwsError("DeleteConflictException", "Cannot delete entity, must delete policies first.");
      }
    },
  };
}

/** The ARN, when there is such a policy: a customer's, or one of the AWS managed policies that local AWS knows. */
export function existingPolicy(state: IamState, policyArn: string | undefined): string {
  const arn = required(policyArn, "policyArn");
  if (!state.policies.has(arn) && findAwsManagedPolicy(arn) === undefined) {
    throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  }
  return arn;
}
