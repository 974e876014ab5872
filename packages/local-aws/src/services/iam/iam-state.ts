import { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import type { InputOf, RequestContext } from "../../core/service.ts";
import type { Collection } from "../../store/store.ts";

/** The SDK's module of IAM, for the types of operations. */
export type Iam = typeof import("@aws-sdk/client-iam");

/** A tag as IAM has it. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** What roles, users have in common: inline policies, attached policies, tags. */
export interface Identity {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly createdAt: Date;
  readonly tags: readonly Tag[];
  /** Inline policies: name to JSON document. */
  readonly inlinePolicies: Readonly<Record<string, string>>;
  /** ARNs of attached managed policies, in order of attachment. */
  readonly attachedPolicies: readonly string[];
  readonly permissionsBoundary?: string;
}

export interface RoleState extends Identity {
  readonly trustPolicy: string;
  readonly description?: string;
  readonly maxSessionDuration: number;
}

export interface UserState extends Identity {
  readonly accessKeys: readonly AccessKeyState[];
}

export interface AccessKeyState {
  readonly accessKeyId: string;
  readonly status: "Active" | "Inactive";
  readonly createdAt: Date;
}

export interface PolicyVersionState {
  readonly versionId: string;
  readonly document: string;
  readonly createdAt: Date;
}

export interface PolicyState {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly description?: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly defaultVersionId: string;
  readonly nextVersion: number;
  readonly versions: readonly PolicyVersionState[];
  readonly tags: readonly Tag[];
}

export interface OidcProviderState {
  readonly arn: string;
  /** Without its scheme, as IAM keeps it. */
  readonly url: string;
  readonly clientIds: readonly string[];
  readonly thumbprints: readonly string[];
  readonly createdAt: Date;
  readonly tags: readonly Tag[];
}

/** Everything that IAM keeps. */
export interface IamState {
  readonly core: Core;
  readonly roles: Collection<RoleState>;
  readonly users: Collection<UserState>;
  readonly policies: Collection<PolicyState>;
  readonly oidcProviders: Collection<OidcProviderState>;
  /** Counts up with every change of a role, a user or a policy. */
  readonly revision: number;
  now(): Date;
}

export function openIamState(core: Core): IamState {
  let revision = 0;
  const counted = <T>(collection: Collection<T>): Collection<T> => ({
    get: (key) => collection.get(key),
    has: (key) => collection.has(key),
    entries: (prefix) => collection.entries(prefix),
    values: (prefix) => collection.values(prefix),
    put(key, value) {
      revision += 1;
      collection.put(key, value);
    },
    delete(key) {
      revision += 1;
      return collection.delete(key);
    },
  });
  return {
    core,
    get revision() {
      return revision;
    },
    roles: counted(core.store.collection<RoleState>("iam/roles")),
    users: counted(core.store.collection<UserState>("iam/users")),
    policies: counted(core.store.collection<PolicyState>("iam/policies")),
    oidcProviders: core.store.collection<OidcProviderState>("iam/oidc-providers"),
    // IAM's times have whole seconds.
    now: () => new Date(Math.floor(core.clock.now() / 1000) * 1000),
  };
}

export function noSuchEntity(message: string): AwsError {
  return new AwsError("NoSuchEntityException", message);
}

/**
 * A required parameter.
 *
 * @throws AwsError `ValidationError`, in the words of AWS
 */
export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined || value === "") {
    throw new AwsError(
      "ValidationError",
      `1 validation error detected: Value null at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return value;
}

/**
 * Checks a name against IAM's rules for names.
 *
 * @throws AwsError `ValidationError`
 */
export function validName(value: string | undefined, parameter: string, longest: number): string {
  const name = required(value, parameter);
  if (!/^[\w+=,.@-]+$/.test(name)) {
    throw new AwsError(
      "ValidationError",
      `The specified value for ${parameter} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  }
  if (name.length > longest) {
    throw new AwsError(
      "ValidationError",
      `1 validation error detected: Value '${name}' at '${parameter}' failed to satisfy constraint: Member must have length less than or equal to ${longest}`,
    );
  }
  return name;
}

/** Checks a path: `/` or `/a/b/`. */
export function validPath(value: string | undefined): string {
  const path = value ?? "/";
  if (!/^\/$|^\/[\x21-\x7e]*\/$/.test(path) || path.length > 512) {
    throw new AwsError(
      "ValidationError",
      `The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.`,
    );
  }
  return path;
}

type TagInput = InputOf<Iam, "TagRole">["Tags"];

/** Tags with later ones over earlier ones of the same key. */
export function mergeTags(existing: readonly Tag[], added: TagInput): Tag[] {
  const merged = new Map(existing.map((tag) => [tag.Key, tag]));
  for (const { Key, Value } of added ?? []) {
    merged.set(required(Key, "tags.member.key"), { Key: Key ?? "", Value: Value ?? "" });
  }
  if (merged.size > 50) {
    throw new AwsError("LimitExceededException", "Cannot exceed quota for TagsPerResource: 50");
  }
  return [...merged.values()];
}

export function withoutTags(existing: readonly Tag[], keys: readonly string[] | undefined): Tag[] {
  return existing.filter(({ Key }) => !keys?.includes(Key));
}

/** One page of a list, by IAM's `Marker` and `MaxItems`. */
export function page<T>(
  items: readonly T[],
  { Marker, MaxItems }: { Marker?: string; MaxItems?: number },
): { items: T[]; IsTruncated: boolean; Marker?: string } {
  const start = Marker === undefined ? 0 : Number(Marker);
  if (!Number.isInteger(start) || start < 0 || start > items.length) {
    throw new AwsError("ValidationError", `Invalid Marker: ${Marker}`);
  }
  const end = start + (MaxItems ?? 100);
  return {
    items: items.slice(start, end),
    IsTruncated: end < items.length,
    Marker: end < items.length ? String(end) : undefined,
  };
}

/** Policy documents travel percent-encoded (RFC 3986) in IAM's answers. */
export function encodeDocument(document: string): string {
  return encodeURIComponent(document).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** ARN of something of IAM's in this account. */
export function iamArn(
  { accountId }: Pick<RequestContext, "accountId">,
  kind: string,
  path: string,
  name: string,
): string {
  return `arn:aws:iam::${accountId}:${kind}${path}${name}`;
}
