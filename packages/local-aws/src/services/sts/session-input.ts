import { AwsError } from "../../core/aws-error.ts";
import type { Credential } from "../../core/credentials.ts";

export const HOUR = 3600;
const SHORTEST_SESSION = 900;
/** The longest that any role may allow; each has its own limit below. */
export const LONGEST_ROLE_SESSION = 12 * HOUR;

/**
 * @throws AwsError `ValidationError` when it is not a role's ARN
 */
export function checkRoleArn(arn: string | undefined): string {
  if (arn === undefined || arn === "") {
    throw validation(
      "1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
    );
  }
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(arn)) {
    throw validation(`${arn} is invalid`);
  }
  return arn;
}

/**
 * @throws AwsError `ValidationError` when it is no name for a session
 */
export function checkSessionName(name = ""): string {
  return checkName(name, "roleSessionName");
}

/**
 * @throws AwsError `ValidationError` when it is no source identity
 */
export function checkSourceIdentity(identity: string | undefined): string | undefined {
  return identity === undefined ? undefined : checkName(identity, "sourceIdentity");
}

function checkName(name: string, parameter: string): string {
  if (!/^[\w+=,.@-]{2,64}$/.test(name)) {
    throw validation(
      `1 validation error detected: Value '${name}' at '${parameter}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]* and have length between 2 and 64`,
    );
  }
  return name;
}

/**
 * @param seconds - as asked for
 * @throws AwsError `ValidationError` when it is shorter than 15 minutes or longer than `longest`
 */
export function checkDuration(seconds: number, longest: number): number {
  if (!Number.isInteger(seconds) || seconds < SHORTEST_SESSION || seconds > longest) {
    throw validation(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value between ${SHORTEST_SESSION} and ${longest}`,
    );
  }
  return seconds;
}

/**
 * Holds a session to the limit of its role.
 *
 * @throws AwsError `ValidationError`
 */
export function checkRoleLimit(seconds: number, role: { readonly maxSessionDuration: number }): void {
  if (seconds > role.maxSessionDuration) {
    throw validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
}

/** A credential as STS answers with it. */
export function shown(credential: Credential) {
  return {
    AccessKeyId: credential.accessKeyId,
    SecretAccessKey: credential.secretAccessKey,
    SessionToken: credential.sessionToken,
    Expiration: new Date(credential.expiresAt ?? 0),
  };
}

/** An input that AWS refuses. */
export function validation(message: string): AwsError {
  return new AwsError("ValidationError", message, { status: 400 });
}
