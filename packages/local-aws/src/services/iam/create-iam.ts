import type { PolicySource } from "../../core/access.ts";
import type { Core } from "../../core/core.ts";
import type { OidcProviderDirectory, PolicyDirectory, RoleDirectory, TagSource } from "../../core/ports.ts";
import { defineService, type Service } from "../../core/service.ts";
import { iamAccess } from "./access.ts";
import { type Iam, type Identity, openIamState, type Tag } from "./iam-state.ts";
import { oidcOperations } from "./oidc-operations.ts";
import { policyOperations } from "./policy-operations.ts";
import { policyDirectory, policySource } from "./policy-source.ts";
import { roleOperations } from "./role-operations.ts";
import { simulationOperations } from "./simulation-operations.ts";
import { userOperations } from "./user-operations.ts";

/** IAM and what other services, and the authorizer, ask it for. */
interface CreatedIam {
  readonly service: Service;
  readonly roles: RoleDirectory;
  readonly policies: PolicySource;
  readonly managedPolicies: PolicyDirectory;
  readonly oidcProviders: OidcProviderDirectory;
  readonly tags: TagSource;
}

/** IAM: roles, users, managed policies, OpenID Connect providers. It keeps policies; enforcing them is the authorizer's business. */
export function createIam(core: Core): CreatedIam {
  const state = openIamState(core);
  const managedPolicies = policyDirectory(state);
  const policies = policySource(state, managedPolicies);
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
      ...simulationOperations(state, policies),
    },
    access: iamAccess(state),
    refusesUserSessions: true,
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
  const oidcProviders: OidcProviderDirectory = {
    findProvider: (issuer) => state.oidcProviders.get(`arn:aws:iam::${core.accountId}:oidc-provider/${issuer}`),
  };
  const tags: TagSource = {
    taggedResources: () => [
      ...state.roles.values().map((role) => tagged(role, "iam:role")),
      ...state.users.values().map((user) => tagged(user, "iam:user")),
    ],
  };
  return { service, roles, policies, managedPolicies, oidcProviders, tags };
}

function tagged(identity: Identity, type: string) {
  return { arn: identity.arn, type, tags: tagMap(identity.tags) };
}

function tagMap(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}
