import type { Tag } from "@aws-sdk/client-scheduler";
import { invalid, schedulerError } from "./scheduler-state.ts";

const NAME = /^[0-9A-Za-z_.-]{1,64}$/;

/** @throws AwsError `ValidationException` */
export function checkName(name: string | undefined): string {
  if (name === undefined || !NAME.test(name)) {
    throw invalid(
      `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9a-zA-Z-_.]+`,
    );
  }
  return name;
}

/** A page of a list that is in order. */
export function pageOf<T>(
  all: readonly T[],
  {
    MaxResults = 100,
    NextToken,
  }: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
): { readonly items: readonly T[]; readonly NextToken: string | undefined } {
  if (!Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > 100) {
    throw invalid(
      `1 validation error detected: Value '${MaxResults}' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and 100`,
    );
  }
  const from = NextToken === undefined ? 0 : Number(/^offset-(\d+)$/.exec(NextToken)?.[1]);
  if (Number.isNaN(from)) {
    throw invalid("The NextToken is not one that EventBridge Scheduler gave.");
  }
  const next = from + MaxResults;
  return { items: all.slice(from, next), NextToken: next < all.length ? `offset-${next}` : undefined };
}

/** @throws AwsError `ValidationException` */
export function tagRecord(tags: readonly Partial<Tag>[] = []): Record<string, string> {
  const record: Record<string, string> = {};
  for (const { Key: key = "", Value: value = "" } of tags) {
    if (key === "" || key.length > 128 || value.length > 256 || /^aws:/i.test(key)) {
      throw invalid(
        `The tag key '${key}' must be 1 to 128 characters long, must not start with aws:, and its value has at most 256 characters.`,
      );
    }
    record[key] = value;
  }
  if (Object.keys(record).length > 200) {
    throw schedulerError("ServiceQuotaExceededException", "A resource can have 200 tags.");
  }
  return record;
}
