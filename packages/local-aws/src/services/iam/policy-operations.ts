import { AwsError } from "../../core/aws-error.ts";
import { newKeyId } from "../../core/credentials.ts";
import type { Operations } from "../../core/service.ts";
import { AWS_MANAGED_POLICIES, findAwsManagedPolicy } from "./aws-managed-policies.ts";
import {
  encodeDocument,
  type Iam,
  type IamState,
  type Identity,
  iamArn,
  mergeTags,
  noSuchEntity,
  type PolicyState,
  page,
  required,
  validName,
  validPath,
  withoutTags,
} from "./iam-state.ts";
import { validatePolicyDocument } from "./policy-document.ts";

/** IAM's quotas for managed policies. */
const MOST_VERSIONS = 5;
const LONGEST_DOCUMENT = 6_144;
/** AWS managed policies were not created here; a fixed date keeps plans clean. */
const AWS_MANAGED_SINCE = new Date("2015-02-06T18:40:00Z");

/** Operations on managed policies and their versions. */
export function policyOperations(state: IamState): Operations<Iam> {
  const find = (policyArn: string | undefined): PolicyState => {
    const arn = required(policyArn, "policyArn");
    const policy = state.policies.get(arn) ?? awsManaged(arn);
    if (policy === undefined) {
      throw noSuchEntity(`Policy ${arn} was not found.`);
    }
    return policy;
  };
  const findVersion = (policy: PolicyState, versionId: string | undefined) => {
    const version = policy.versions.find((candidate) => candidate.versionId === required(versionId, "versionId"));
    if (version === undefined) {
      throw noSuchEntity(`Policy ${policy.arn} version ${versionId} does not exist or is not attachable.`);
    }
    return version;
  };
  const identities = () => [...state.roles.values(), ...state.users.values()];
  const attachments = (arn: string): number =>
    identities().filter(({ attachedPolicies }) => attachedPolicies.includes(arn)).length;
  const boundaries = (arn: string): number =>
    identities().filter(({ permissionsBoundary }) => permissionsBoundary === arn).length;
  const describe = (policy: PolicyState) => ({
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: attachments(policy.arn),
    PermissionsBoundaryUsageCount: boundaries(policy.arn),
    IsAttachable: true,
    Description: policy.description,
    CreateDate: policy.createdAt,
    UpdateDate: policy.updatedAt,
    Tags: [...policy.tags],
  });
  return {
    CreatePolicy(input, context) {
      const name = validName(input.PolicyName, "policyName", 128);
      const path = validPath(input.Path);
      const document = validDocument(input.PolicyDocument);
      const arn = iamArn(context, "policy", path, name);
      if (state.policies.has(arn)) {
        throw new AwsError(
          "EntityAlreadyExistsException",
          `A policy called ${name} already exists. Duplicate names are not allowed.`,
        );
      }
      const now = state.now();
      const policy: PolicyState = {
        id: newKeyId("ANPA"),
        name,
        path,
        arn,
        description: input.Description,
        createdAt: now,
        updatedAt: now,
        defaultVersionId: "v1",
        nextVersion: 2,
        versions: [{ versionId: "v1", document, createdAt: now }],
        tags: mergeTags([], input.Tags),
      };
      state.policies.put(arn, policy);
      return { Policy: describe(policy) };
    },
    GetPolicy: ({ PolicyArn }) => ({ Policy: describe(find(PolicyArn)) }),
    ListPolicies(input) {
      const aws = Object.keys(AWS_MANAGED_POLICIES).flatMap((arn) => awsManaged(arn) ?? []);
      const customer = state.policies.values();
      const all = input.Scope === "Local" ? customer : input.Scope === "AWS" ? aws : [...aws, ...customer];
      const wanted = all.filter(
        ({ arn, path }) =>
          path.startsWith(input.PathPrefix ?? "/") && (input.OnlyAttached !== true || attachments(arn) > 0),
      );
      const { items, ...rest } = page(wanted, input);
      return { Policies: items.map(describe), ...rest };
    },
    DeletePolicy({ PolicyArn }) {
      const policy = ownPolicy(find(PolicyArn));
      if (attachments(policy.arn) + boundaries(policy.arn) > 0) {
        throw new AwsError("DeleteConflictException", "Cannot delete a policy attached to entities.");
      }
      if (policy.versions.length > 1) {
        throw new AwsError(
          "DeleteConflictException",
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        );
      }
      state.policies.delete(policy.arn);
      return {};
    },
    CreatePolicyVersion(input) {
      const policy = ownPolicy(find(input.PolicyArn));
      const document = validDocument(input.PolicyDocument);
      if (policy.versions.length >= MOST_VERSIONS) {
        throw new AwsError(
          "LimitExceededException",
          `A managed policy can have up to ${MOST_VERSIONS} versions. Before you create a new version, you must delete an existing version.`,
        );
      }
      const version = { versionId: `v${policy.nextVersion}`, document, createdAt: state.now() };
      const isDefault = input.SetAsDefault === true;
      state.policies.put(policy.arn, {
        ...policy,
        versions: [...policy.versions, version],
        nextVersion: policy.nextVersion + 1,
        defaultVersionId: isDefault ? version.versionId : policy.defaultVersionId,
        updatedAt: version.createdAt,
      });
      return {
        PolicyVersion: { VersionId: version.versionId, IsDefaultVersion: isDefault, CreateDate: version.createdAt },
      };
    },
    GetPolicyVersion({ PolicyArn, VersionId }) {
      const policy = find(PolicyArn);
      const version = findVersion(policy, VersionId);
      return {
        PolicyVersion: {
          VersionId: version.versionId,
          Document: encodeDocument(version.document),
          IsDefaultVersion: version.versionId === policy.defaultVersionId,
          CreateDate: version.createdAt,
        },
      };
    },
    ListPolicyVersions(input) {
      const policy = find(input.PolicyArn);
      const { items, ...rest } = page([...policy.versions].reverse(), input);
      return {
        Versions: items.map(({ versionId, createdAt }) => ({
          VersionId: versionId,
          IsDefaultVersion: versionId === policy.defaultVersionId,
          CreateDate: createdAt,
        })),
        ...rest,
      };
    },
    SetDefaultPolicyVersion({ PolicyArn, VersionId }) {
      const policy = ownPolicy(find(PolicyArn));
      state.policies.put(policy.arn, { ...policy, defaultVersionId: findVersion(policy, VersionId).versionId });
      return {};
    },
    DeletePolicyVersion({ PolicyArn, VersionId }) {
      const policy = ownPolicy(find(PolicyArn));
      const { versionId } = findVersion(policy, VersionId);
      if (versionId === policy.defaultVersionId) {
        throw new AwsError("DeleteConflictException", "Cannot delete the default version of a policy.");
      }
      state.policies.put(policy.arn, {
        ...policy,
        versions: policy.versions.filter((version) => version.versionId !== versionId),
      });
      return {};
    },
    ListEntitiesForPolicy(input) {
      const { arn } = find(input.PolicyArn);
      const uses = (identity: Identity): boolean =>
        identity.path.startsWith(input.PathPrefix ?? "/") &&
        ((input.PolicyUsageFilter !== "PermissionsBoundary" && identity.attachedPolicies.includes(arn)) ||
          (input.PolicyUsageFilter !== "PermissionsPolicy" && identity.permissionsBoundary === arn));
      const wants = (kind: "Role" | "User"): boolean => input.EntityFilter === undefined || input.EntityFilter === kind;
      const users = wants("User") ? state.users.values().filter(uses) : [];
      const roles = wants("Role") ? state.roles.values().filter(uses) : [];
      const { items, ...rest } = page([...roles, ...users], input);
      return {
        PolicyRoles: items
          .filter(({ id }) => id.startsWith("AROA"))
          .map(({ name, id }) => ({ RoleName: name, RoleId: id })),
        PolicyUsers: items
          .filter(({ id }) => id.startsWith("AIDA"))
          .map(({ name, id }) => ({ UserName: name, UserId: id })),
        PolicyGroups: [],
        ...rest,
      };
    },
    TagPolicy(input) {
      const policy = ownPolicy(find(input.PolicyArn));
      state.policies.put(policy.arn, { ...policy, tags: mergeTags(policy.tags, input.Tags) });
      return {};
    },
    UntagPolicy(input) {
      const policy = ownPolicy(find(input.PolicyArn));
      state.policies.put(policy.arn, { ...policy, tags: withoutTags(policy.tags, input.TagKeys) });
      return {};
    },
    ListPolicyTags(input) {
      const { items, ...rest } = page(find(input.PolicyArn).tags, input);
      return { Tags: items, ...rest };
    },
  };
}

function validDocument(value: string | undefined): string {
  const document = required(value, "policyDocument");
  validatePolicyDocument(document, "identity");
  if (document.replace(/\s/g, "").length > LONGEST_DOCUMENT) {
    throw new AwsError("LimitExceededException", `Cannot exceed quota for PolicySize: ${LONGEST_DOCUMENT}`);
  }
  return document;
}

function awsManaged(arn: string): PolicyState | undefined {
  const managed = findAwsManagedPolicy(arn);
  return (
    managed && {
      id: `ANPA${arn
        .slice(-16)
        .toUpperCase()
        .replace(/[^A-Z0-9]/g, "A")}`,
      name: arn.split("/").at(-1) ?? "",
      path: managed.path,
      arn,
      createdAt: AWS_MANAGED_SINCE,
      updatedAt: AWS_MANAGED_SINCE,
      defaultVersionId: "v1",
      nextVersion: 2,
      versions: [{ versionId: "v1", document: managed.document, createdAt: AWS_MANAGED_SINCE }],
      tags: [],
    }
  );
}

/** AWS's policies are AWS's to change. */
function ownPolicy(policy: PolicyState): PolicyState {
  if (policy.arn.startsWith("arn:aws:iam::aws:")) {
    throw new AwsError("AccessDenied", `Policy ${policy.arn} is managed by AWS and cannot be changed.`, {
      status: 403,
    });
  }
  return policy;
}
