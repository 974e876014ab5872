import { AwsError } from "../../core/aws-error.ts";
import { newKeyId, newSecret } from "../../core/credentials.ts";
import type { Operations, RequestContext } from "../../core/service.ts";
import {
  type Iam,
  type IamState,
  iamArn,
  mergeTags,
  noSuchEntity,
  page,
  required,
  type UserState,
  validName,
  validPath,
  withoutTags,
} from "./iam-state.ts";
import { existingPolicy, identityPolicies } from "./identity-policies.ts";

/** IAM's quota of access keys per user. */
const MOST_ACCESS_KEYS = 2;

/** Operations on users and their access keys. */
export function userOperations(state: IamState): Operations<Iam> {
  const policies = identityPolicies(state, "user", state.users);
  const { credentials } = state.core;
  /** The user that is named, or else the one who asks. */
  const findUser = (name: string | undefined, { principal }: RequestContext): UserState => {
    if (name === undefined && principal.type !== "user") {
      throw new AwsError("ValidationError", "Must specify userName when calling with non-User credentials");
    }
    return policies.find(name ?? principal.arn.split("/").at(-1));
  };
  return {
    CreateUser(input, context) {
      const name = validName(input.UserName, "userName", 64);
      const path = validPath(input.Path);
      if (state.users.has(name)) {
        throw new AwsError("EntityAlreadyExistsException", `User with name ${name} already exists.`);
      }
      const user: UserState = {
        id: newKeyId("AIDA"),
        name,
        path,
        arn: iamArn(context, "user", path, name),
        createdAt: state.now(),
        permissionsBoundary:
          input.PermissionsBoundary === undefined ? undefined : existingPolicy(state, input.PermissionsBoundary),
        tags: mergeTags([], input.Tags),
        inlinePolicies: {},
        attachedPolicies: [],
        accessKeys: [],
      };
      state.users.put(name, user);
      return { User: describeUser(user) };
    },
    GetUser: ({ UserName }, context) => ({ User: describeUser(findUser(UserName, context)) }),
    ListUsers(input) {
      const users = state.users.values().filter(({ path }) => path.startsWith(input.PathPrefix ?? "/"));
      const { items, ...rest } = page(users, input);
      return { Users: items.map(describeUser), ...rest };
    },
    DeleteUser({ UserName }) {
      const user = policies.find(UserName);
      policies.refuseDeleteWhileInUse(user);
      if (user.accessKeys.length > 0) {
        throw new AwsError("DeleteConflictException", "Cannot delete entity, must delete access keys first.");
      }
      state.users.delete(user.name);
      return {};
    },

    CreateAccessKey({ UserName }, context) {
      const user = findUser(UserName, context);
      if (user.accessKeys.length >= MOST_ACCESS_KEYS) {
        throw new AwsError("LimitExceededException", `Cannot exceed quota for AccessKeysPerUser: ${MOST_ACCESS_KEYS}`);
      }
      const accessKeyId = newKeyId("AKIA");
      const secretAccessKey = newSecret();
      const createdAt = state.now();
      state.core.store.transaction(() => {
        credentials.put({
          accessKeyId,
          secretAccessKey,
          principal: { type: "user", arn: user.arn, userId: user.id, accountId: context.accountId },
          status: "Active",
        });
        state.users.put(user.name, {
          ...user,
          accessKeys: [...user.accessKeys, { accessKeyId, status: "Active", createdAt }],
        });
      });
      return {
        AccessKey: {
          UserName: user.name,
          AccessKeyId: accessKeyId,
          SecretAccessKey: secretAccessKey,
          Status: "Active",
          CreateDate: createdAt,
        },
      };
    },
    ListAccessKeys(input, context) {
      const user = findUser(input.UserName, context);
      const { items, ...rest } = page(user.accessKeys, input);
      return {
        AccessKeyMetadata: items.map(({ accessKeyId, status, createdAt }) => ({
          UserName: user.name,
          AccessKeyId: accessKeyId,
          Status: status,
          CreateDate: createdAt,
        })),
        ...rest,
      };
    },
    UpdateAccessKey({ UserName, AccessKeyId, Status }, context) {
      const user = findUser(UserName, context);
      const credential = credentials.find(required(AccessKeyId, "accessKeyId"));
      if (credential === undefined || !user.accessKeys.some(({ accessKeyId }) => accessKeyId === AccessKeyId)) {
        throw noSuchEntity(`The Access Key with id ${AccessKeyId} cannot be found.`);
      }
      if (Status !== "Active" && Status !== "Inactive") {
        throw new AwsError("ValidationError", `status: expected Active or Inactive, got ${Status}`);
      }
      state.core.store.transaction(() => {
        credentials.put({ ...credential, status: Status });
        state.users.put(user.name, {
          ...user,
          accessKeys: user.accessKeys.map((key) =>
            key.accessKeyId === AccessKeyId ? { ...key, status: Status } : key,
          ),
        });
      });
      return {};
    },
    DeleteAccessKey({ UserName, AccessKeyId }, context) {
      const user = findUser(UserName, context);
      const accessKeys = user.accessKeys.filter(({ accessKeyId }) => accessKeyId !== AccessKeyId);
      if (accessKeys.length === user.accessKeys.length) {
        throw noSuchEntity(`The Access Key with id ${AccessKeyId} cannot be found.`);
      }
      state.core.store.transaction(() => {
        credentials.delete(required(AccessKeyId, "accessKeyId"));
        state.users.put(user.name, { ...user, accessKeys });
      });
      return {};
    },

    PutUserPolicy(input) {
      policies.putInline(input.UserName, input.PolicyName, input.PolicyDocument);
      return {};
    },
    GetUserPolicy: (input) => ({ UserName: input.UserName, ...policies.getInline(input.UserName, input.PolicyName) }),
    DeleteUserPolicy(input) {
      policies.deleteInline(input.UserName, input.PolicyName);
      return {};
    },
    ListUserPolicies: (input) => policies.listInline(input, input.UserName),
    AttachUserPolicy(input) {
      policies.attach(input.UserName, input.PolicyArn);
      return {};
    },
    DetachUserPolicy(input) {
      policies.detach(input.UserName, input.PolicyArn);
      return {};
    },
    ListAttachedUserPolicies: (input) => policies.listAttached(input, input.UserName),
    PutUserPermissionsBoundary(input) {
      policies.putBoundary(input.UserName, input.PermissionsBoundary);
      return {};
    },
    DeleteUserPermissionsBoundary(input) {
      policies.deleteBoundary(input.UserName);
      return {};
    },
    TagUser(input) {
      const user = policies.find(input.UserName);
      policies.change(user, { tags: mergeTags(user.tags, input.Tags) });
      return {};
    },
    UntagUser(input) {
      const user = policies.find(input.UserName);
      policies.change(user, { tags: withoutTags(user.tags, input.TagKeys) });
      return {};
    },
    ListUserTags(input) {
      const { items, ...rest } = page(policies.find(input.UserName).tags, input);
      return { Tags: items, ...rest };
    },
    ListGroupsForUser({ UserName }) {
      policies.find(UserName);
      return { Groups: [], IsTruncated: false };
    },
  };
}

function describeUser(user: UserState) {
  return {
    UserName: user.name,
    UserId: user.id,
    Path: user.path,
    Arn: user.arn,
    CreateDate: user.createdAt,
    PermissionsBoundary:
      user.permissionsBoundary === undefined
        ? undefined
        : {
            PermissionsBoundaryType: "PermissionsBoundaryPolicy" as const,
            PermissionsBoundaryArn: user.permissionsBoundary,
          },
    Tags: [...user.tags],
  };
}
