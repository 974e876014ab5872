import { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import { type Credential, newKeyId, newSecret } from "../../core/credentials.ts";
import type { RoleDirectory } from "../../core/ports.ts";
import { defineService, type InputOf, type Operations, type RequestContext, type Service } from "../../core/service.ts";
import { trusts } from "./trust-policy.ts";

type Sts = typeof import("@aws-sdk/client-sts");

const HOUR = 3600;
const SHORTEST_SESSION = 900;
const LONGEST_ROLE_SESSION = 12 * HOUR;
const LONGEST_SESSION_TOKEN = 36 * HOUR;

/**
 * Makes STS: who am I, roles and session tokens.
 *
 * One thing is unlike AWS: root may assume roles. Root's key is what whoever runs local AWS works with, and on AWS that person
 * would be an IAM user or a single sign-on session.
 */
export function createSts(core: Core, deps: { roles: RoleDirectory }): { service: Service } {
  const operations = {
    GetCallerIdentity: (_input, { principal }) => ({
      UserId: principal.userId,
      Account: principal.accountId,
      Arn: principal.arn,
    }),

    AssumeRole(input, context) {
      const { RoleArn, RoleSessionName, DurationSeconds } = checkAssumeRole(input, context);
      const role = deps.roles.findRole(RoleArn);
      const trusted =
        role !== undefined &&
        trusts(role.assumeRolePolicyDocument, {
          action: "sts:AssumeRole",
          principal: context.principal,
          sessionName: RoleSessionName,
          externalId: input.ExternalId,
        });
      if (!trusted) {
        // AWS does not tell a role that is missing from one that does not trust the caller.
        throw new AwsError(
          "AccessDenied",
          `User: ${context.principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
          { status: 403 },
        );
      }
      const credential = core.credentials.issueSession(role, RoleSessionName, DurationSeconds);
      return {
        Credentials: shown(credential),
        AssumedRoleUser: { AssumedRoleId: credential.principal.userId, Arn: credential.principal.arn },
        ...(input.SourceIdentity === undefined ? {} : { SourceIdentity: input.SourceIdentity }),
      };
    },

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
        principal: { ...principal, accessKeyId: undefined },
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
    }),
  };
}

function checkAssumeRole(input: InputOf<Sts, "AssumeRole">, { principal }: RequestContext) {
  const { RoleArn = "", RoleSessionName = "" } = input;
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(RoleArn)) {
    throw validation(`${RoleArn === "" ? "Member must not be null: roleArn" : `${RoleArn} is invalid`}`);
  }
  if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName)) {
    throw validation(
      `1 validation error detected: Value '${RoleSessionName}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]* and have length between 2 and 64`,
    );
  }
  if (input.ExternalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(input.ExternalId)) {
    throw validation(
      `1 validation error detected: Value '${input.ExternalId}' at 'externalId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@:\\/-]*`,
    );
  }
  refuseMfa(input);
  refuseUnsupported(input);
  const DurationSeconds = checkDuration(input.DurationSeconds ?? HOUR, LONGEST_ROLE_SESSION);
  if (principal.type === "assumed-role" && DurationSeconds > HOUR) {
    throw validation(
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    );
  }
  return { RoleArn, RoleSessionName, DurationSeconds };
}

/** Members that would narrow or mark the session, and that nothing here would respect. */
function refuseUnsupported(input: InputOf<Sts, "AssumeRole">): void {
  const unsupported = {
    "session policies (Policy)": input.Policy,
    "session policies (PolicyArns)": input.PolicyArns,
    "session tags (Tags)": input.Tags,
    "session tags (TransitiveTagKeys)": input.TransitiveTagKeys,
    ProvidedContexts: input.ProvidedContexts,
  };
  for (const [name, value] of Object.entries(unsupported)) {
    if (value !== undefined && value.length > 0) {
      throw new AwsError("NotImplemented", `Local AWS does not implement ${name} of AssumeRole.`, { status: 400 });
    }
  }
}

function refuseMfa(input: { SerialNumber?: string | undefined; TokenCode?: string | undefined }): void {
  if (input.SerialNumber !== undefined || input.TokenCode !== undefined) {
    throw new AwsError("NotImplemented", "Local AWS does not implement MFA devices (SerialNumber, TokenCode).", {
      status: 400,
    });
  }
}

function checkDuration(seconds: number, longest: number): number {
  if (!Number.isInteger(seconds) || seconds < SHORTEST_SESSION || seconds > longest) {
    throw validation(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value between ${SHORTEST_SESSION} and ${longest}`,
    );
  }
  return seconds;
}

function shown(credential: Credential) {
  return {
    AccessKeyId: credential.accessKeyId,
    SecretAccessKey: credential.secretAccessKey,
    SessionToken: credential.sessionToken,
    Expiration: new Date(credential.expiresAt ?? 0),
  };
}

function validation(message: string): AwsError {
  return new AwsError("ValidationError", message, { status: 400 });
}
