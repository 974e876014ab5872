import { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import type { PolicyDirectory, RoleDirectory } from "../../core/ports.ts";
import type { InputOf, Operations, RequestContext } from "../../core/service.ts";
import {
  checkDuration,
  checkRoleArn,
  checkRoleLimit,
  checkSessionName,
  checkSourceIdentity,
  HOUR,
  LONGEST_ROLE_SESSION,
  shown,
  validation,
} from "./session-input.ts";
import { sessionPolicies } from "./session-policies.ts";
import { requireTrust } from "./trust.ts";

type Sts = typeof import("@aws-sdk/client-sts");

/** What AssumeRole is made of. */
interface AssumeRoleDeps {
  readonly roles: RoleDirectory;
  readonly policies: PolicyDirectory;
}

/**
 * `AssumeRole`. It checks its permission itself, because its message differs from others', and because root needs the role's trust, too.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function assumeRole(core: Core, deps: AssumeRoleDeps): NonNullable<Operations<Sts>["AssumeRole"]> {
  return (input, context) => {
    const { roleArn, sessionName, duration, sourceIdentity } = check(input, context);
    const limits = sessionPolicies(input, deps.policies);
    const role = deps.roles.findRole(roleArn);
    const conditions = {
      "sts:ExternalId": input.ExternalId,
      "sts:RoleSessionName": sessionName,
      "sts:SourceIdentity": sourceIdentity,
    };
    requireTrust(core, role, { action: "sts:AssumeRole", roleArn, conditions }, context);
    if (sourceIdentity !== undefined) {
      requireTrust(core, role, { action: "sts:SetSourceIdentity", roleArn, conditions }, context);
    }
    checkRoleLimit(duration, role);
    const credential = core.credentials.issueSession(role, sessionName, duration, {
      sessionContext: { "aws:SourceIdentity": sourceIdentity },
      sessionPolicies: limits,
    });
    return {
      Credentials: shown(credential),
      AssumedRoleUser: { AssumedRoleId: credential.principal.userId, Arn: credential.principal.arn },
      ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
    };
  };
}

function check(input: InputOf<Sts, "AssumeRole">, { principal }: RequestContext) {
  const roleArn = checkRoleArn(input.RoleArn);
  const sessionName = checkSessionName(input.RoleSessionName);
  const sourceIdentity = checkSourceIdentity(input.SourceIdentity);
  if (input.ExternalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(input.ExternalId)) {
    throw validation(
      `1 validation error detected: Value '${input.ExternalId}' at 'externalId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@:\\/-]*`,
    );
  }
  refuseMfa(input);
  refuseUnsupported(input);
  const duration = checkDuration(input.DurationSeconds ?? HOUR, LONGEST_ROLE_SESSION);
  if (principal.type === "assumed-role" && duration > HOUR) {
    throw validation(
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    );
  }
  return { roleArn, sessionName, duration, sourceIdentity };
}

/** Members that would mark the session, and that nothing here would respect. */
function refuseUnsupported(input: InputOf<Sts, "AssumeRole">): void {
  const unsupported = {
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

/**
 * @throws AwsError `NotImplemented`: nobody here has a device
 */
export function refuseMfa(input: { SerialNumber?: string | undefined; TokenCode?: string | undefined }): void {
  if (input.SerialNumber !== undefined || input.TokenCode !== undefined) {
    throw new AwsError("NotImplemented", "Local AWS does not implement MFA devices (SerialNumber, TokenCode).", {
      status: 400,
    });
  }
}
