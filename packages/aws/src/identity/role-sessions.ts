import { AssumeRoleCommand, AssumeRoleWithWebIdentityCommand, type Credentials, STSClient } from "@aws-sdk/client-sts";
import { ReleaseError } from "@slipway/release-engine";
import { clientSettings } from "../client-settings.ts";
import { translateAwsError } from "../translate-aws-error.ts";

/** Temporary credentials, as SDK clients take them. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** How a role is assumed. */
export type RoleProof =
  /** By the caller's own credentials. */
  | {
      readonly kind: "credentials";
      readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    }
  /** By a token of an identity provider, as a GitHub workflow does. */
  | { readonly kind: "web-identity"; token(): Promise<string> };

/** Which role, and how. */
export interface AssumedRole {
  readonly roleArn: string;
  /** Goes into the session's ARN, and so into every log of AWS. */
  readonly sessionName: string;
  readonly proof: RoleProof;
}

export interface RoleSessionsOptions {
  readonly region: string;
  readonly endpoint?: string | undefined;
  /** How often a refusal is tried: a role that was made a second ago may not be known everywhere yet. */
  readonly attempts?: number;
}

/** Credentials are taken anew when they have less than this left: longer than any single call takes. */
const TOO_SHORT_MS = 5 * 60_000;
const ATTEMPTS = 3;
const PAUSE_MS = 1_000;

/** Sessions of roles, kept until shortly before they expire. */
export class RoleSessions {
  readonly #options: RoleSessionsOptions;
  readonly #sessions = new Map<string, Promise<SessionCredentials>>();

  constructor(options: RoleSessionsOptions) {
    this.#options = options;
  }

  /**
   * Credentials of a role.
   *
   * @throws {ReleaseError} when the role may not be assumed
   */
  async credentials(role: AssumedRole): Promise<SessionCredentials> {
    const key = `${role.roleArn}\n${role.sessionName}`;
    const known = await this.#sessions.get(key)?.catch(() => undefined);
    if (known !== undefined && known.expiration.getTime() - Date.now() > TOO_SHORT_MS) {
      return known;
    }
    const session = this.#assume(role);
    this.#sessions.set(key, session);
    return session;
  }

  async #assume(role: AssumedRole): Promise<SessionCredentials> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#assumeOnce(role);
      } catch (error) {
        if (attempt >= (this.#options.attempts ?? ATTEMPTS) || !isAccessDenied(error)) {
          throw cannotAssume(role, error);
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
      }
    }
  }

  async #assumeOnce({
    roleArn: RoleArn,
    sessionName: RoleSessionName,
    proof,
  }: AssumedRole): Promise<SessionCredentials> {
    const place = clientSettings(this.#options);
    if (proof.kind === "credentials") {
      const sts = new STSClient({ ...place, credentials: proof.credentials });
      try {
        return sessionOf((await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName }))).Credentials);
      } finally {
        sts.destroy();
      }
    }
    const WebIdentityToken = await proof.token();
    // The token is the proof; the request is not signed, whatever keys lie about.
    const sts = new STSClient({ ...place, credentials: { accessKeyId: "not-used", secretAccessKey: "not-used" } });
    try {
      const command = new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName, WebIdentityToken });
      return sessionOf((await sts.send(command)).Credentials);
    } finally {
      sts.destroy();
    }
  }
}

function sessionOf(credentials: Credentials | undefined): SessionCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentials ?? {};
  if (
    AccessKeyId === undefined ||
    SecretAccessKey === undefined ||
    SessionToken === undefined ||
    Expiration === undefined
  ) {
    throw new Error("STS answered without credentials");
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}

function isAccessDenied(error: unknown): boolean {
  return error instanceof Error && (error.name === "AccessDenied" || error.name === "AccessDeniedException");
}

function cannotAssume({ roleArn, proof }: AssumedRole, cause: unknown): ReleaseError {
  const translated = translateAwsError(cause, { action: "sts:AssumeRole", subject: roleArn });
  // Nobody said no: nobody answered, or not now.
  if (translated instanceof ReleaseError && (translated.kind === "unreachable" || translated.kind === "throttled")) {
    return translated;
  }
  const failure = {
    kind: "denied",
    what: `The role ${roleArn} cannot be assumed`,
    why: cause instanceof Error ? cause.message : String(cause),
    next:
      proof.kind === "web-identity"
        ? "compare the role's trust policy with the token's repository, branch and environment"
        : "compare the role's trust policy with who you are: aws sts get-caller-identity",
  } as const;
  return new ReleaseError(failure, { cause });
}
