import { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import type { KeyDirectory } from "../../core/ports.ts";
import type { Collection } from "../../store/store.ts";
import type { LogGroup } from "./group-table.ts";
import type { Ingest } from "./ingest.ts";
import type { LiveTails } from "./live-tail/live-tails.ts";
import type { LogsStore } from "./logs-store.ts";
import type { MetricFilters } from "./metric-filters.ts";

/** The SDK module that types this service's operations. */
export type Logs = typeof import("@aws-sdk/client-cloudwatch-logs");

/** A saved query of Logs Insights; keyed by its id. */
export interface QueryDefinition {
  readonly queryDefinitionId: string;
  readonly name: string;
  readonly queryString: string;
  readonly logGroupNames: readonly string[];
  /** Of the request that made it: the same one again changes nothing. */
  readonly clientToken?: string;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
}

/** A resource policy of the account; keyed by its name. */
export interface ResourcePolicy {
  readonly policyName: string;
  readonly policyDocument: string;
  /** Milliseconds since the epoch. */
  readonly lastUpdatedTime: number;
}

/** Everything that CloudWatch Logs holds. */
export interface LogsState {
  readonly core: Core;
  readonly store: LogsStore;
  readonly ingest: Ingest;
  readonly filters: MetricFilters;
  readonly tails: LiveTails;
  readonly queryDefinitions: Collection<QueryDefinition>;
  readonly resourcePolicies: Collection<ResourcePolicy>;
  /** Knows the KMS keys, where local AWS has them. */
  readonly keys: KeyDirectory | undefined;
}

/** The ARN of a group, without the `:*` that some answers add. */
export function groupArn(core: Core, name: string): string {
  return `arn:aws:logs:${core.region}:${core.accountId}:log-group:${name}`;
}

/** Finds a group by name or throws as CloudWatch Logs does. Buffered lines are written first, since they may make the group. */
export function requireGroup(state: LogsState, name: string | undefined): LogGroup {
  state.ingest.flush();
  validateGroupName(name);
  const group = state.store.groups.find(name ?? "");
  if (group === undefined) {
    throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  }
  return group;
}

/** Finds the group that a request names by `logGroupName`, or by `logGroupIdentifier` (a name or an ARN). */
export function requireIdentifiedGroup(
  state: LogsState,
  input: { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined },
): LogGroup {
  if (input.logGroupName !== undefined && input.logGroupIdentifier !== undefined) {
    throw invalidParameter("LogGroupName and LogGroupIdentifier cannot be specified at the same time.");
  }
  return requireGroup(state, input.logGroupName ?? nameFromIdentifier(state.core, input.logGroupIdentifier));
}

/** The name in a group's name or ARN; an ARN may end with `:*`. */
export function nameFromIdentifier(core: Core, identifier: string | undefined): string | undefined {
  if (!identifier?.startsWith("arn:")) {
    return identifier;
  }
  const prefix = groupArn(core, "");
  if (!identifier.startsWith(prefix)) {
    throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  }
  return identifier.slice(prefix.length).replace(/:\*$/, "");
}

/** @throws AwsError `InvalidParameterException` when a group cannot have this name */
export function validateGroupName(name: string | undefined): void {
  if (name === undefined || !/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) {
    throw invalidParameter(
      `1 validation error detected: Value '${name ?? ""}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
    );
  }
}

/** CloudWatch Logs's way of refusing a parameter. */
export function invalidParameter(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}

/** @throws AwsError `InvalidParameterException` when `limit` is out of its bounds */
export function checkLimit(limit: number | undefined, standard: number, max: number): number {
  if (limit !== undefined && (limit < 1 || limit > max)) {
    const bound = limit < 1 ? "greater than or equal to 1" : `less than or equal to ${max}`;
    throw invalidParameter(
      `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
  return limit ?? standard;
}

/** One page of a list; the token names the place where the next one starts. */
export function pageOf<T>(
  all: readonly T[],
  token: string | undefined,
  limit: number,
): { items: T[]; next: string | undefined } {
  const start = token === undefined ? 0 : Number(readToken(token));
  if (!Number.isInteger(start) || start < 0) {
    throw invalidToken();
  }
  const end = start + limit;
  return { items: all.slice(start, end), next: end < all.length ? writeToken(String(end)) : undefined };
}

/** Makes an opaque token. */
export function writeToken(text: string): string {
  return Buffer.from(text).toString("base64url");
}

/** Reads an opaque token back. */
export function readToken(token: string): string {
  return Buffer.from(token, "base64url").toString();
}

/** The error for a token that this service did not make. */
export function invalidToken(): AwsError {
  return invalidParameter("The specified nextToken is invalid.");
}
