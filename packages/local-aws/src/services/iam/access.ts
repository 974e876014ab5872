import type { AccessNeed, AccessNeeds, ConditionValues } from "../../core/access.ts";
import type { Principal } from "../../core/credentials.ts";
import type { RequestContext } from "../../core/service.ts";
import { type Iam, type IamState, type Identity, iamArn, type Tag } from "./iam-state.ts";

/** Tags as a request has them: anything may be missing. */
type TagInput = readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;

/**
 * What each operation of IAM needs. What an operation is about is named by its ARN with the path; where it does not exist, by the
 * ARN that it would have without one.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
export function iamAccess(state: IamState): AccessNeeds<Iam> {
  return inItsRegion({
    ...roleAccess(state),
    ...userAccess(state),
    ...policyAccess(state),
    ...providerAccess(state),
    ...REPORTS,
  });
}

/** Where IAM is, whatever Region its client works in. */
const IAM_REGION = "us-east-1";

/**
 * A policy that allows one Region only does not allow IAM, unless it is this one.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion
 */
function inItsRegion(access: AccessNeeds<Iam>): AccessNeeds<Iam> {
  type NeedsOf = (input: object, context: RequestContext) => readonly AccessNeed[];
  const moved = Object.entries(access as Readonly<Record<string, NeedsOf>>).map(
    ([name, needsOf]): [string, NeedsOf] => [
      name,
      (input, context) => {
        const needs = needsOf(input, context);
        return context.region === IAM_REGION
          ? needs
          : needs.map((need) => ({ ...need, conditions: { ...need.conditions, "aws:RequestedRegion": IAM_REGION } }));
      },
    ],
  );
  return Object.fromEntries(moved) as AccessNeeds<Iam>;
}

function roleAccess(state: IamState): AccessNeeds<Iam> {
  /** Needs of an operation on a role that is there, by the action's name. */
  const on =
    (action: string, more: (input: RoleInput) => ConditionValues = () => ({}), hasBoundary = false) =>
    (input: RoleInput, context: RequestContext): readonly AccessNeed[] => {
      const role = state.roles.get(input.RoleName ?? "");
      return [
        identityNeed(action, "role", role, input.RoleName, context, {
          ...boundaryOf(role, hasBoundary),
          ...more(input),
        }),
      ];
    };
  return {
    CreateRole: (input, context) =>
      creation(
        "iam:CreateRole",
        "iam:TagRole",
        iamArn(context, "role", input.Path ?? "/", input.RoleName ?? ""),
        input.Tags,
        boundaryCondition(input.PermissionsBoundary),
      ),
    ListRoles: (input, context) => [
      { action: "iam:ListRoles", resource: iamArn(context, "role", input.PathPrefix ?? "/", "") },
    ],
    GetRole: on("iam:GetRole"),
    UpdateRole: on("iam:UpdateRole"),
    UpdateRoleDescription: on("iam:UpdateRoleDescription"),
    UpdateAssumeRolePolicy: on("iam:UpdateAssumeRolePolicy"),
    DeleteRole: on("iam:DeleteRole"),
    PutRolePolicy: on("iam:PutRolePolicy", undefined, true),
    GetRolePolicy: on("iam:GetRolePolicy"),
    DeleteRolePolicy: on("iam:DeleteRolePolicy", undefined, true),
    ListRolePolicies: on("iam:ListRolePolicies"),
    AttachRolePolicy: on("iam:AttachRolePolicy", policyCondition, true),
    DetachRolePolicy: on("iam:DetachRolePolicy", policyCondition, true),
    ListAttachedRolePolicies: on("iam:ListAttachedRolePolicies"),
    PutRolePermissionsBoundary: on("iam:PutRolePermissionsBoundary", (input) =>
      boundaryCondition(input.PermissionsBoundary),
    ),
    DeleteRolePermissionsBoundary: on("iam:DeleteRolePermissionsBoundary", undefined, true),
    TagRole: on("iam:TagRole", (input) => requestTags(input.Tags)),
    UntagRole: on("iam:UntagRole", (input) => tagKeys(input.TagKeys)),
    ListRoleTags: on("iam:ListRoleTags"),
    ListInstanceProfilesForRole: on("iam:ListInstanceProfilesForRole"),
  };
}

function userAccess(state: IamState): AccessNeeds<Iam> {
  const on =
    (action: string, more: (input: UserInput) => ConditionValues = () => ({}), hasBoundary = false) =>
    (input: UserInput, context: RequestContext): readonly AccessNeed[] => {
      // Without a name, several operations mean the user who asks.
      const name = input.UserName ?? ownName(context.principal);
      const user = state.users.get(name ?? "");
      return [identityNeed(action, "user", user, name, context, { ...boundaryOf(user, hasBoundary), ...more(input) })];
    };
  return {
    CreateUser: (input, context) =>
      creation(
        "iam:CreateUser",
        "iam:TagUser",
        iamArn(context, "user", input.Path ?? "/", input.UserName ?? ""),
        input.Tags,
        boundaryCondition(input.PermissionsBoundary),
      ),
    ListUsers: (input, context) => [
      { action: "iam:ListUsers", resource: iamArn(context, "user", input.PathPrefix ?? "/", "") },
    ],
    GetUser: on("iam:GetUser"),
    DeleteUser: on("iam:DeleteUser"),
    CreateAccessKey: on("iam:CreateAccessKey"),
    ListAccessKeys: on("iam:ListAccessKeys"),
    UpdateAccessKey: on("iam:UpdateAccessKey"),
    DeleteAccessKey: on("iam:DeleteAccessKey"),
    PutUserPolicy: on("iam:PutUserPolicy", undefined, true),
    GetUserPolicy: on("iam:GetUserPolicy"),
    DeleteUserPolicy: on("iam:DeleteUserPolicy", undefined, true),
    ListUserPolicies: on("iam:ListUserPolicies"),
    AttachUserPolicy: on("iam:AttachUserPolicy", policyCondition, true),
    DetachUserPolicy: on("iam:DetachUserPolicy", policyCondition, true),
    ListAttachedUserPolicies: on("iam:ListAttachedUserPolicies"),
    PutUserPermissionsBoundary: on("iam:PutUserPermissionsBoundary", (input) =>
      boundaryCondition(input.PermissionsBoundary),
    ),
    DeleteUserPermissionsBoundary: on("iam:DeleteUserPermissionsBoundary", undefined, true),
    TagUser: on("iam:TagUser", (input) => requestTags(input.Tags)),
    UntagUser: on("iam:UntagUser", (input) => tagKeys(input.TagKeys)),
    ListUserTags: on("iam:ListUserTags"),
    ListGroupsForUser: on("iam:ListGroupsForUser"),
  };
}

function policyAccess(state: IamState): AccessNeeds<Iam> {
  const on =
    (action: string, more: (input: PolicyInput) => ConditionValues = () => ({})) =>
    (input: PolicyInput): readonly AccessNeed[] => {
      const arn = input.PolicyArn ?? "*";
      return [
        { action, resource: arn, conditions: { ...resourceTags(state.policies.get(arn)?.tags), ...more(input) } },
      ];
    };
  return {
    CreatePolicy: (input, context) =>
      creation(
        "iam:CreatePolicy",
        "iam:TagPolicy",
        iamArn(context, "policy", input.Path ?? "/", input.PolicyName ?? ""),
        input.Tags,
      ),
    // So AWS calls it in its denials.
    ListPolicies: (input) => [{ action: "iam:ListPolicies", resource: `policy path ${input.PathPrefix ?? "/"}` }],
    GetPolicy: on("iam:GetPolicy"),
    DeletePolicy: on("iam:DeletePolicy"),
    CreatePolicyVersion: on("iam:CreatePolicyVersion"),
    GetPolicyVersion: on("iam:GetPolicyVersion"),
    ListPolicyVersions: on("iam:ListPolicyVersions"),
    SetDefaultPolicyVersion: on("iam:SetDefaultPolicyVersion"),
    DeletePolicyVersion: on("iam:DeletePolicyVersion"),
    ListEntitiesForPolicy: on("iam:ListEntitiesForPolicy"),
    TagPolicy: on("iam:TagPolicy", (input) => requestTags(input.Tags)),
    UntagPolicy: on("iam:UntagPolicy", (input) => tagKeys(input.TagKeys)),
    ListPolicyTags: on("iam:ListPolicyTags"),
  };
}

function providerAccess(state: IamState): AccessNeeds<Iam> {
  const on =
    (action: string, more: (input: ProviderInput) => ConditionValues = () => ({})) =>
    (input: ProviderInput): readonly AccessNeed[] => {
      const arn = input.OpenIDConnectProviderArn ?? "*";
      const tags = state.oidcProviders.get(arn)?.tags;
      return [{ action, resource: arn, conditions: { ...resourceTags(tags), ...more(input) } }];
    };
  return {
    CreateOpenIDConnectProvider: (input, context) =>
      creation(
        "iam:CreateOpenIDConnectProvider",
        "iam:TagOpenIDConnectProvider",
        iamArn(context, "oidc-provider", "/", (input.Url ?? "").replace(/^https:\/\//, "").replace(/\/$/, "")),
        input.Tags,
      ),
    ListOpenIDConnectProviders: (_input, context) => [
      { action: "iam:ListOpenIDConnectProviders", resource: iamArn(context, "oidc-provider", "/", "*") },
    ],
    GetOpenIDConnectProvider: on("iam:GetOpenIDConnectProvider"),
    UpdateOpenIDConnectProviderThumbprint: on("iam:UpdateOpenIDConnectProviderThumbprint"),
    AddClientIDToOpenIDConnectProvider: on("iam:AddClientIDToOpenIDConnectProvider"),
    RemoveClientIDFromOpenIDConnectProvider: on("iam:RemoveClientIDFromOpenIDConnectProvider"),
    DeleteOpenIDConnectProvider: on("iam:DeleteOpenIDConnectProvider"),
    TagOpenIDConnectProvider: on("iam:TagOpenIDConnectProvider", (input) => requestTags(input.Tags)),
    UntagOpenIDConnectProvider: on("iam:UntagOpenIDConnectProvider", (input) => tagKeys(input.TagKeys)),
    ListOpenIDConnectProviderTags: on("iam:ListOpenIDConnectProviderTags"),
  };
}

const REPORTS: AccessNeeds<Iam> = {
  SimulatePrincipalPolicy: (input) => [
    { action: "iam:SimulatePrincipalPolicy", resource: input.PolicySourceArn ?? "*" },
  ],
  SimulateCustomPolicy: () => [{ action: "iam:SimulateCustomPolicy", resource: "*" }],
};

interface RoleInput {
  readonly RoleName?: string | undefined;
  readonly PolicyArn?: string | undefined;
  readonly PermissionsBoundary?: string | undefined;
  readonly Tags?: TagInput;
  readonly TagKeys?: readonly string[] | undefined;
}

type UserInput = Omit<RoleInput, "RoleName"> & { readonly UserName?: string | undefined };
type PolicyInput = Pick<RoleInput, "PolicyArn" | "Tags" | "TagKeys">;
type ProviderInput = Pick<RoleInput, "Tags" | "TagKeys"> & { readonly OpenIDConnectProviderArn?: string | undefined };

/** Making something with tags needs the permission to tag it, too. */
function creation(
  action: string,
  tagAction: string,
  resource: string,
  tags: TagInput,
  conditions: ConditionValues = {},
): readonly AccessNeed[] {
  const tagged = requestTags(tags);
  const need = { action, resource, conditions: { ...conditions, ...tagged } };
  return tags === undefined || tags.length === 0 ? [need] : [need, { action: tagAction, resource, conditions: tagged }];
}

function identityNeed(
  action: string,
  kind: "role" | "user",
  identity: Identity | undefined,
  name: string | undefined,
  context: RequestContext,
  conditions: ConditionValues,
): AccessNeed {
  return {
    action,
    resource: identity?.arn ?? iamArn(context, kind, "/", name ?? "*"),
    conditions: { ...resourceTags(identity?.tags), ...conditions },
  };
}

function boundaryOf(identity: Identity | undefined, isAsked: boolean): ConditionValues {
  return isAsked ? boundaryCondition(identity?.permissionsBoundary) : {};
}

function boundaryCondition(boundary: string | undefined): ConditionValues {
  return { "iam:PermissionsBoundary": boundary };
}

function policyCondition({ PolicyArn }: RoleInput | UserInput): ConditionValues {
  return { "iam:PolicyARN": PolicyArn };
}

function resourceTags(tags: readonly Tag[] | undefined): ConditionValues {
  return Object.fromEntries(
    (tags ?? []).flatMap(({ Key, Value }) => [
      [`aws:ResourceTag/${Key}`, Value],
      [`iam:ResourceTag/${Key}`, Value],
    ]),
  );
}

function requestTags(tags: TagInput): ConditionValues {
  return {
    ...Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [`aws:RequestTag/${Key}`, Value])),
    ...tagKeys(tags?.map(({ Key = "" }) => Key)),
  };
}

function tagKeys(keys: readonly string[] | undefined): ConditionValues {
  return keys === undefined || keys.length === 0 ? {} : { "aws:TagKeys": keys };
}

function ownName({ type, arn }: Principal): string | undefined {
  return type === "user" ? arn.split("/").at(-1) : undefined;
}
