import { randomBytes } from "node:crypto";
import type { Collection } from "../store/store.ts";
import type { ConditionValues, NamedPolicy } from "./access.ts";

/** Who makes a request. */
export interface Principal {
  readonly type: "root" | "user" | "assumed-role" | "anonymous";
  /** `arn:aws:iam::...:root`, `arn:aws:iam::...:user/x`, `arn:aws:sts::...:assumed-role/role/session`. */
  readonly arn: string;
  /** `GetCallerIdentity`'s `UserId`. */
  readonly userId: string;
  readonly accountId: string;
  readonly accessKeyId?: string;
  /** The role behind an assumed-role session: `arn:aws:iam::...:role/path/name`. */
  readonly roleArn?: string;
  /** Condition keys that came with the session, such as `token.actions.githubusercontent.com:sub`. */
  readonly sessionContext?: ConditionValues;
  /** Session policies: what the session may do at most. */
  readonly sessionPolicies?: readonly NamedPolicy[];
}

/** An access key with what its requests may claim. */
export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly principal: Principal;
  /** Milliseconds since the epoch, on the wall clock: clients judge expiry by their own clocks. */
  readonly expiresAt?: number;
  readonly status: "Active" | "Inactive";
}

/** Access key of the account's root user in local AWS. It opens nothing anywhere else. */
export const ROOT_ACCESS_KEY_ID = "AKIALOCALAWSROOTUSER";
/** Its secret: fixed, because it guards a server on loopback that belongs to whoever runs it. */
export const ROOT_SECRET_ACCESS_KEY = "local-aws-root-secret-opens-nothing-else";

/** What the access keys of sessions start with. */
const SESSION_PREFIX = "ASIA";
/** The condition key that only the sessions of running functions have. */
export const FUNCTION_SESSION_KEY = "lambda:SourceFunctionArn";
/** How long an ended session is told that it has expired, rather than that it does not exist. */
const REMEMBERED_MS = 86_400_000;

/** The access keys that local AWS knows: root's, IAM users' and sessions'. */
export class Credentials {
  readonly #keys: Collection<Credential>;
  readonly #accountId: string;
  readonly #cache = new Map<string, Credential>();

  constructor(keys: Collection<Credential>, accountId: string) {
    this.#keys = keys;
    this.#accountId = accountId;
    this.#forgetEndedSessions();
  }

  /** Every start of a function makes a session; those that ended long ago need not even be called expired any more. */
  #forgetEndedSessions(): void {
    const longAgo = Date.now() - REMEMBERED_MS;
    for (const [accessKeyId, { expiresAt }] of this.#keys.entries(SESSION_PREFIX)) {
      if (expiresAt !== undefined && expiresAt < longAgo) {
        this.#keys.delete(accessKeyId);
      }
    }
  }

  /** The credential of an access key, or `undefined` when nobody has it. */
  find(accessKeyId: string): Credential | undefined {
    if (accessKeyId === ROOT_ACCESS_KEY_ID) {
      return this.#root();
    }
    const cached = this.#cache.get(accessKeyId);
    if (cached !== undefined) {
      return cached;
    }
    const stored = this.#keys.get(accessKeyId);
    if (stored !== undefined) {
      this.#cache.set(accessKeyId, stored);
    }
    return stored;
  }

  /** Keeps a credential (of an IAM user or a session). */
  put(credential: Credential): void {
    this.#keys.put(credential.accessKeyId, credential);
    this.#cache.set(credential.accessKeyId, credential);
  }

  /** Forgets an access key. */
  delete(accessKeyId: string): void {
    this.#keys.delete(accessKeyId);
    this.#cache.delete(accessKeyId);
  }

  /**
   * Makes temporary credentials for a role, as `AssumeRole` and Lambda's execution role do.
   *
   * @param role - the role's ARN (`arn:aws:iam::123456789012:role/path/name`) and its unique id (`AROA...`)
   * @param sessionName - goes into the session's ARN
   * @param durationSeconds - lifetime on the wall clock
   * @param session - what the session carries beside the role
   */
  issueSession(
    role: { arn: string; roleId: string },
    sessionName: string,
    durationSeconds: number,
    session: Pick<Principal, "sessionContext" | "sessionPolicies"> = {},
  ): Credential {
    const roleName = role.arn.split("/").at(-1) ?? "";
    const credential: Credential = {
      accessKeyId: newKeyId(SESSION_PREFIX),
      secretAccessKey: newSecret(),
      sessionToken: randomBytes(96).toString("base64"),
      principal: {
        type: "assumed-role",
        arn: `arn:aws:sts::${this.#accountId}:assumed-role/${roleName}/${sessionName}`,
        userId: `${role.roleId}:${sessionName}`,
        accountId: this.#accountId,
        roleArn: role.arn,
        ...session,
        sessionContext: { "aws:TokenIssueTime": new Date().toISOString(), ...session.sessionContext },
      },
      expiresAt: Date.now() + durationSeconds * 1000,
      status: "Active",
    };
    this.put(credential);
    return credential;
  }

  #root(): Credential {
    return {
      accessKeyId: ROOT_ACCESS_KEY_ID,
      secretAccessKey: ROOT_SECRET_ACCESS_KEY,
      principal: {
        type: "root",
        arn: `arn:aws:iam::${this.#accountId}:root`,
        userId: this.#accountId,
        accountId: this.#accountId,
        accessKeyId: ROOT_ACCESS_KEY_ID,
      },
      status: "Active",
    };
  }
}

/** True for temporary credentials of a user or of root, as `GetSessionToken` gives them: not for a role's. */
export function isUserSession({ type, accessKeyId }: Principal): boolean {
  return type !== "assumed-role" && accessKeyId?.startsWith(SESSION_PREFIX) === true;
}

const KEY_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A new unique id in the form of IAM's: a four-letter prefix (`AKIA`, `ASIA`, `AROA`, `AIDA`...) and 16 characters. */
export function newKeyId(prefix: string): string {
  return prefix + [...randomBytes(16)].map((byte) => KEY_ALPHABET[byte % KEY_ALPHABET.length]).join("");
}

/** A new secret access key: 40 characters. */
export function newSecret(): string {
  return randomBytes(30).toString("base64");
}
