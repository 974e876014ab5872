import type { Principal } from "./credentials.ts";
import type { InputOf, OperationName, RequestContext } from "./service.ts";

/**
 * Values of condition keys, by key as AWS spells it (`iam:PassedToService`); keys are compared without regard to case. A list is
 * a key with several values. `undefined` is the same as absent: "the key is not in the request context".
 */
export type ConditionValues = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A policy that is attached to a resource. */
export interface ResourcePolicy {
  /** What it is called in traces of decisions: `bucket policy of x`, `key policy of arn:...`. */
  readonly name: string;
  readonly document: string;
  /**
   * `sufficient`: it may allow on its own, beside identity policies (S3, Lambda, SNS, SQS).
   * `required`: without its consent identity policies count for nothing (KMS keys, trust of roles).
   */
  readonly mode: "sufficient" | "required";
}

/**
 * One thing that a request wants to do, in the terms of the Service Authorization Reference.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
 */
export interface AccessNeed {
  /** `s3:GetObject`: the action's name, which is not always the operation's. */
  readonly action: string;
  /** ARN of what it is done to, or `*` where the action knows no resource-level permissions. */
  readonly resource: string;
  /**
   * Keys beside the global ones, which the authorizer knows by itself. What a service needs in the caller's name (DynamoDB: the
   * table's key) has `kms:ViaService` here.
   */
  readonly conditions?: ConditionValues;
  readonly resourcePolicy?: ResourcePolicy;
}

/**
 * What each operation of a service needs. An empty list says that AWS asks for no permission (`GetCallerIdentity`), or that the
 * operation checks for itself (`AssumeRole`). Never throws: a missing or wrong input is answered by the operation, after the check.
 */
export type AccessNeeds<M extends object> = {
  readonly [N in OperationName<M>]?: (input: InputOf<M, N>, context: RequestContext) => readonly AccessNeed[];
};

/** {@link AccessNeeds} seen without its types, as the dispatcher calls it. */
export type AnyAccessNeeds = Readonly<
  Record<string, ((input: never, context: RequestContext) => readonly AccessNeed[]) | undefined>
>;

/** An AWS service that acts by itself or for a resource: CloudWatch that publishes to a topic. */
export interface ServicePrincipal {
  /** `cloudwatch.amazonaws.com` */
  readonly service: string;
  /** ARN of the resource that it acts for. */
  readonly sourceArn?: string;
}

/** Somebody whom an identity provider has vouched for, at the moment of `AssumeRoleWithWebIdentity`. */
export interface FederatedPrincipal {
  /** ARN of the identity provider in IAM. */
  readonly provider: string;
}

/** A statement that decided. */
export interface StatementReference {
  /** Name or ARN of the policy; for inline policies `inline policy NAME of role/ROLE`. */
  readonly policy: string;
  /** The statement's Sid, or its place from 0 where it has none. */
  readonly statement: string | number;
}

/** What kind of policy decided, as denial messages call it. */
export type PolicyKind = "identity-based policy" | "permissions boundary" | "resource-based policy" | "session policy";

/** Whether a need is met, and why. */
export type AccessDecision =
  | { readonly allowed: true; readonly by: readonly StatementReference[] }
  | {
      readonly allowed: false;
      /** `explicit`: some statement denies; `implicit`: none allows. */
      readonly denial: "explicit" | "implicit";
      readonly kind: PolicyKind;
      /** The statements that deny explicitly. */
      readonly by: readonly StatementReference[];
    };

/** Decides what requests may do. */
export interface Authorizer {
  /** False with `--no-iam`: then everything is allowed. */
  readonly isEnforced: boolean;
  /** Decides without consequences. Root may do everything. */
  decide(principal: Principal, need: AccessNeed, request?: RequestFacts): AccessDecision;
  /**
   * Checks all needs of a request, in order.
   *
   * @throws AwsError `AccessDenied` (403) with AWS's message; the wire layer gives it the name that the service has for it
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
   */
  require(principal: Principal, needs: readonly AccessNeed[], request?: RequestFacts): void;
  /** Decides what a role could do, for services that check it (Lambda: may the execution role send traces?). */
  decideForRole(roleArn: string, need: AccessNeed): AccessDecision;
  /** Decides by a resource policy whether a service may act on the resource. */
  decideForService(service: ServicePrincipal, need: AccessNeed): AccessDecision;
  /** Decides by a role's trust policy; what the token claims is among the need's conditions. */
  decideForFederated(federated: FederatedPrincipal, need: AccessNeed): AccessDecision;
}

/** What of the HTTP request conditions can ask for. */
export interface RequestFacts {
  /** `aws:SourceIp` */
  readonly remoteAddress?: string;
  /** `aws:UserAgent` */
  readonly userAgent?: string;
  /** `aws:SecureTransport`; true unless said. Loopback counts as secure: what never leaves the machine cannot be listened to on the way. */
  readonly isSecure?: boolean;
}

/** One policy document with its name for traces. */
export interface NamedPolicy {
  readonly name: string;
  readonly document: string;
}

/** The policies that bind a principal. */
export interface PrincipalPolicies {
  /** Unique id (`AROA...`, `AIDA...`). Sessions of a role that was deleted do not come back with one of the same name. */
  readonly id?: string;
  readonly identity: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
  /** `aws:PrincipalTag/...` */
  readonly tags: Readonly<Record<string, string>>;
}

/** Finds the policies of users and roles; IAM implements it. */
export interface PolicySource {
  /** Counts up with every change of any identity or policy, so that what was read can be kept until then. */
  readonly revision: number;
  /** `arn` is the ARN of a user or of a role (not of a session). `undefined`: it does not exist any more. */
  policiesOf(arn: string): PrincipalPolicies | undefined;
}
