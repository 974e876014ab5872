import { AwsError } from "../../core/aws-error.ts";
import { newKeyId } from "../../core/credentials.ts";
import type { Operations } from "../../core/service.ts";
import {
  encodeDocument,
  type Iam,
  type IamState,
  iamArn,
  mergeTags,
  page,
  type RoleState,
  required,
  validName,
  validPath,
  withoutTags,
} from "./iam-state.ts";
import { existingPolicy, identityPolicies } from "./identity-policies.ts";
import { validatePolicyDocument } from "./policy-document.ts";

/** Operations on roles. */
export function roleOperations(state: IamState): Operations<Iam> {
  const policies = identityPolicies(state, "role", state.roles);
  return {
    CreateRole(input, context) {
      const name = validName(input.RoleName, "roleName", 64);
      const path = validPath(input.Path);
      const trustPolicy = required(input.AssumeRolePolicyDocument, "assumeRolePolicyDocument");
      validatePolicyDocument(trustPolicy, "trust");
      if (state.roles.has(name)) {
        throw new AwsError("EntityAlreadyExistsException", `Role with name ${name} already exists.`);
      }
      const role: RoleState = {
        id: newKeyId("AROA"),
        name,
        path,
        arn: iamArn(context, "role", path, name),
        createdAt: state.now(),
        trustPolicy,
        description: input.Description,
        maxSessionDuration: validDuration(input.MaxSessionDuration),
        permissionsBoundary:
          input.PermissionsBoundary === undefined ? undefined : existingPolicy(state, input.PermissionsBoundary),
        tags: mergeTags([], input.Tags),
        inlinePolicies: {},
        attachedPolicies: [],
      };
      state.roles.put(name, role);
      return { Role: describeRole(role) };
    },

    GetRole: ({ RoleName }) => ({ Role: { ...describeRole(policies.find(RoleName)), RoleLastUsed: {} } }),

    ListRoles(input) {
      const roles = state.roles.values().filter(({ path }) => path.startsWith(input.PathPrefix ?? "/"));
      const { items, ...rest } = page(roles, input);
      return { Roles: items.map(describeRole), ...rest };
    },

    UpdateRole(input) {
      const role = policies.find(input.RoleName);
      state.roles.put(role.name, {
        ...role,
        description: input.Description ?? role.description,
        maxSessionDuration:
          input.MaxSessionDuration === undefined ? role.maxSessionDuration : validDuration(input.MaxSessionDuration),
      });
      return {};
    },

    UpdateRoleDescription(input) {
      const role = { ...policies.find(input.RoleName), description: input.Description };
      state.roles.put(role.name, role);
      return { Role: describeRole(role) };
    },

    UpdateAssumeRolePolicy(input) {
      const role = policies.find(input.RoleName);
      const trustPolicy = required(input.PolicyDocument, "policyDocument");
      validatePolicyDocument(trustPolicy, "trust");
      state.roles.put(role.name, { ...role, trustPolicy });
      return {};
    },

    DeleteRole({ RoleName }) {
      const role = policies.find(RoleName);
      policies.refuseDeleteWhileInUse(role);
      state.roles.delete(role.name);
      return {};
    },

    PutRolePolicy(input) {
      policies.putInline(input.RoleName, input.PolicyName, input.PolicyDocument);
      return {};
    },
    GetRolePolicy: (input) => ({
      RoleName: input.RoleName,
      ...policies.getInline(input.RoleName, input.PolicyName),
    }),
    DeleteRolePolicy(input) {
      policies.deleteInline(input.RoleName, input.PolicyName);
      return {};
    },
    ListRolePolicies: (input) => policies.listInline(input, input.RoleName),
    AttachRolePolicy(input) {
      policies.attach(input.RoleName, input.PolicyArn);
      return {};
    },
    DetachRolePolicy(input) {
      policies.detach(input.RoleName, input.PolicyArn);
      return {};
    },
    ListAttachedRolePolicies: (input) => policies.listAttached(input, input.RoleName),
    PutRolePermissionsBoundary(input) {
      policies.putBoundary(input.RoleName, input.PermissionsBoundary);
      return {};
    },
    DeleteRolePermissionsBoundary(input) {
      policies.deleteBoundary(input.RoleName);
      return {};
    },

    TagRole(input) {
      const role = policies.find(input.RoleName);
      policies.change(role, { tags: mergeTags(role.tags, input.Tags) });
      return {};
    },
    UntagRole(input) {
      const role = policies.find(input.RoleName);
      policies.change(role, { tags: withoutTags(role.tags, input.TagKeys) });
      return {};
    },
    ListRoleTags(input) {
      const { items, ...rest } = page(policies.find(input.RoleName).tags, input);
      return { Tags: items, ...rest };
    },

    /** Roles of functions have no instance profiles, and local AWS has no instances; the provider asks before it deletes a role. */
    ListInstanceProfilesForRole(input) {
      policies.find(input.RoleName);
      return { InstanceProfiles: [], IsTruncated: false };
    },
  };
}

function validDuration(seconds: number | undefined): number {
  const duration = seconds ?? 3600;
  if (duration < 3600 || duration > 43_200) {
    throw new AwsError(
      "ValidationError",
      `1 validation error detected: Value '${duration}' at 'maxSessionDuration' failed to satisfy constraint: Member must have value between 3600 and 43200`,
    );
  }
  return duration;
}

function describeRole(role: RoleState) {
  return {
    RoleName: role.name,
    RoleId: role.id,
    Path: role.path,
    Arn: role.arn,
    CreateDate: role.createdAt,
    AssumeRolePolicyDocument: encodeDocument(role.trustPolicy),
    Description: role.description,
    MaxSessionDuration: role.maxSessionDuration,
    PermissionsBoundary:
      role.permissionsBoundary === undefined
        ? undefined
        : {
            PermissionsBoundaryType: "PermissionsBoundaryPolicy" as const,
            PermissionsBoundaryArn: role.permissionsBoundary,
          },
    Tags: [...role.tags],
  };
}
