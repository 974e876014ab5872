import type { Core } from "../../core/core.ts";
import type { RoleDirectory, TagSource } from "../../core/ports.ts";
import { defineService, type Service } from "../../core/service.ts";
import { type Iam, type Identity, openIamState, type Tag } from "./iam-state.ts";
import { oidcOperations } from "./oidc-operations.ts";
import { policyOperations } from "./policy-operations.ts";
import { roleOperations } from "./role-operations.ts";
import { userOperations } from "./user-operations.ts";

/** IAM: roles, users, managed policies, OpenID Connect providers. It keeps policies; enforcing them is not its business. */
export function createIam(core: Core): { service: Service; roles: RoleDirectory; tags: TagSource } {
  const state = openIamState(core);
  const service = defineService<Iam>({
    id: "iam",
    signingNames: ["iam"],
    load: () => import("@aws-sdk/client-iam"),
    client: "IAMClient",
    queryVersion: "2010-05-08",
    operations: {
      ...roleOperations(state),
      ...userOperations(state),
      ...policyOperations(state),
      ...oidcOperations(state),
    },
    inventory: () => [
      ...state.roles.values().map(({ name }) => `AWS::IAM::Role ${name}`),
      ...state.users.values().map(({ name }) => `AWS::IAM::User ${name}`),
      ...state.policies.values().map(({ name }) => `AWS::IAM::ManagedPolicy ${name}`),
      ...state.oidcProviders.values().map(({ url }) => `AWS::IAM::OIDCProvider ${url}`),
    ],
  });
  const roles: RoleDirectory = {
    findRole(roleArn) {
      const role = state.roles.get(roleArn.split("/").at(-1) ?? "");
      return role === undefined || role.arn !== roleArn
        ? undefined
        : {
            arn: role.arn,
            roleId: role.id,
            roleName: role.name,
            assumeRolePolicyDocument: role.trustPolicy,
            maxSessionDuration: role.maxSessionDuration,
          };
    },
  };
  const tags: TagSource = {
    taggedResources: () => [
      ...state.roles.values().map((role) => tagged(role, "iam:role")),
      ...state.users.values().map((user) => tagged(user, "iam:user")),
    ],
  };
  return { service, roles, tags };
}

function tagged(identity: Identity, type: string) {
  return { arn: identity.arn, type, tags: tagMap(identity.tags) };
}

function tagMap(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}
