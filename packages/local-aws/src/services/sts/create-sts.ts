import type { AccessNeeds } from "../../core/access.ts";
import { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import { type Credential, newKeyId, newSecret } from "../../core/credentials.ts";
import type { OidcProviderDirectory, PolicyDirectory, RoleDirectory } from "../../core/ports.ts";
import { defineService, type Operations, type Service } from "../../core/service.ts";
import { assumeRole, refuseMfa } from "./assume-role.ts";
import { assumeRoleWithWebIdentity } from "./assume-role-with-web-identity.ts";
import { checkDuration, HOUR, shown } from "./session-input.ts";
import type { IssuerKeySets } from "./verify-web-identity-token.ts";

type Sts = typeof import("@aws-sdk/client-sts");

const LONGEST_SESSION_TOKEN = 36 * HOUR;

/** What STS asks of others. */
export interface StsDeps {
  readonly roles: RoleDirectory;
  readonly policies: PolicyDirectory;
  readonly oidcProviders: OidcProviderDirectory;
  readonly issuers: IssuerKeySets;
}

/**
 * Makes STS: who am I, roles and session tokens.
 *
 * One thing is unlike AWS: root may assume roles that trust the account. Root's key is what whoever runs local AWS works with, and on
 * AWS that person would be an IAM user or a single sign-on session.
 */
export function createSts(core: Core, deps: StsDeps): { service: Service } {
  const operations = {
    GetCallerIdentity: (_input, { principal }) => ({
      UserId: principal.userId,
      Account: principal.accountId,
      Arn: principal.arn,
    }),

    AssumeRole: assumeRole(core, deps),
    AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity(core, deps),

    GetSessionToken(input, { principal }) {
      if (principal.type === "assumed-role" || principal.accessKeyId?.startsWith("ASIA") === true) {
        throw new AwsError("AccessDenied", "Cannot call GetSessionToken with session credentials", { status: 403 });
      }
      refuseMfa(input);
      const isRoot = principal.type === "root";
      const duration = checkDuration(input.DurationSeconds ?? (isRoot ? HOUR : 12 * HOUR), LONGEST_SESSION_TOKEN);
      const credential: Credential = {
        accessKeyId: newKeyId("ASIA"),
        secretAccessKey: newSecret(),
        sessionToken: newSecret() + newSecret() + newSecret(),
        principal: {
          ...principal,
          accessKeyId: undefined,
          sessionContext: { "aws:TokenIssueTime": new Date().toISOString(), "aws:MultiFactorAuthPresent": "false" },
        },
        // Root's tokens live an hour at most, whatever was asked.
        expiresAt: Date.now() + (isRoot ? Math.min(duration, HOUR) : duration) * 1000,
        status: "Active",
      };
      core.credentials.put(credential);
      return { Credentials: shown(credential) };
    },

    GetAccessKeyInfo(input) {
      const credential = core.credentials.find(input.AccessKeyId ?? "");
      if (credential === undefined) {
        throw new AwsError("ValidationError", "The access key ID is not valid.", { status: 400 });
      }
      return { Account: credential.principal.accountId };
    },
  } satisfies Operations<Sts>;

  return {
    service: defineService<Sts>({
      id: "sts",
      signingNames: ["sts"],
      load: () => import("@aws-sdk/client-sts"),
      client: "STSClient",
      queryVersion: "2011-06-15",
      operations,
      access: ACCESS,
      anonymousOperations: ["AssumeRoleWithWebIdentity"],
    }),
  };
}

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html */
const ACCESS: AccessNeeds<Sts> = {
  // Everybody may know who they are, and have temporary credentials of their own.
  GetCallerIdentity: () => [],
  GetSessionToken: () => [],
  // These two ask the role, and check for themselves.
  AssumeRole: () => [],
  AssumeRoleWithWebIdentity: () => [],
  GetAccessKeyInfo: () => [{ action: "sts:GetAccessKeyInfo", resource: "*" }],
};
