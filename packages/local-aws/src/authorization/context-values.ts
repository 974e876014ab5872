import type { ConditionValues, RequestFacts } from "../core/access.ts";

/** Who asks, as conditions and policy variables see them. */
export interface PrincipalFacts {
  readonly type: "Account" | "User" | "AssumedRole" | "Service" | "FederatedUser" | "Anonymous";
  /** ARN of the user, the session, or the account. */
  readonly arn: string;
  /** `aws:PrincipalArn`: the role's ARN for a session. */
  readonly principalArn: string;
  readonly userId: string;
  readonly accountId: string;
  readonly userName?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** `cloudwatch.amazonaws.com`, for a service. */
  readonly service?: string;
  readonly sourceArn?: string;
  /** Keys that came with the session, such as a web identity's. */
  readonly session?: ConditionValues;
}

/** What else conditions can ask for. */
export interface EnvironmentFacts {
  /** Milliseconds since the epoch, of the clock that requests are signed by. */
  readonly now: number;
  readonly region: string;
  readonly accountId: string;
  readonly request?: RequestFacts;
}

/** The values of condition keys in one request; looked at only when a statement asks. */
export class ContextValues {
  readonly #principal: PrincipalFacts;
  readonly #environment: EnvironmentFacts;
  readonly #conditions: ConditionValues | undefined;
  #own: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(principal: PrincipalFacts, environment: EnvironmentFacts, conditions?: ConditionValues) {
    this.#principal = principal;
    this.#environment = environment;
    this.#conditions = conditions;
  }

  /** The values of a key, or `undefined` when the request does not have it. */
  get(key: string): readonly string[] | undefined {
    const name = key.toLowerCase();
    this.#own ??= byLowerCase(this.#principal.session, this.#conditions);
    const own = this.#own.get(name);
    if (own !== undefined) {
      return own;
    }
    const value = this.#global(name);
    return value === undefined ? undefined : [value];
  }

  #global(name: string): string | undefined {
    const { type, principalArn, userId, accountId, userName, tags, service, sourceArn } = this.#principal;
    const { now, region, request } = this.#environment;
    switch (name) {
      case "aws:principalarn":
        return type === "Anonymous" || type === "Service" ? undefined : principalArn;
      case "aws:principalaccount":
        return type === "Anonymous" || type === "Service" ? undefined : accountId;
      case "aws:principaltype":
        return type;
      case "aws:principalisawsservice":
        return String(type === "Service");
      case "aws:principalservicename":
        return service;
      case "aws:userid":
        return userId;
      case "aws:username":
        return userName;
      case "aws:sourcearn":
        return sourceArn;
      case "aws:sourceaccount":
      case "aws:sourceowner":
        // Services act for resources of this account, the only one that there is.
        return type === "Service" && sourceArn !== undefined ? this.#environment.accountId : undefined;
      case "aws:resourceaccount":
        return this.#environment.accountId;
      case "aws:requestedregion":
        return region;
      case "aws:currenttime":
        return new Date(now).toISOString();
      case "aws:epochtime":
        return String(Math.floor(now / 1000));
      case "aws:securetransport":
        return String(request?.isSecure ?? true);
      case "aws:sourceip":
        return type === "Service" ? undefined : request?.remoteAddress;
      case "aws:useragent":
        return request?.userAgent;
      case "aws:viaawsservice":
        return "false";
      case "aws:multifactorauthpresent":
        // Only temporary credentials have the key at all, and nobody here has a device.
        return type === "AssumedRole" ? "false" : undefined;
      default:
        return name.startsWith("aws:principaltag/")
          ? tagValue(tags, name.slice("aws:principaltag/".length))
          : undefined;
    }
  }
}

/** Keys are compared without regard to case; a later one wins. */
function byLowerCase(...all: readonly (ConditionValues | undefined)[]): ReadonlyMap<string, readonly string[]> {
  const result = new Map<string, readonly string[]>();
  for (const [key, value] of all.flatMap((values) => Object.entries(values ?? {}))) {
    if (value !== undefined) {
      result.set(key.toLowerCase(), typeof value === "string" ? [value] : value);
    }
  }
  return result;
}

/** Keys of tags in condition keys are compared without regard to case. */
function tagValue(tags: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.entries(tags).find(([name]) => name.toLowerCase() === key)?.[1];
}
