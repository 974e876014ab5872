import type { BatchResultErrorEntry } from "@aws-sdk/client-sqs";
import { AwsError } from "../../core/aws-error.ts";

const MOST_ENTRIES = 10;

/**
 * Checks the entries of a batch request.
 *
 * @param entryName - what SQS calls an entry
 * @throws AwsError `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `InvalidBatchEntryId` or `BatchEntryIdsNotDistinct`
 */
export function checkBatch(entries: readonly { readonly Id: string | undefined }[], entryName: string): void {
  if (entries.length === 0) {
    throw new AwsError("EmptyBatchRequest", `There should be at least one ${entryName} in the request.`);
  }
  if (entries.length > MOST_ENTRIES) {
    throw new AwsError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are ${MOST_ENTRIES}. You have sent ${entries.length}.`,
    );
  }
  const seen = new Set<string>();
  for (const { Id: id = "" } of entries) {
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(id)) {
      throw new AwsError(
        "InvalidBatchEntryId",
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
      );
    }
    if (seen.has(id)) {
      throw new AwsError("BatchEntryIdsNotDistinct", `Id ${id} repeated.`);
    }
    seen.add(id);
  }
}

/** Does the same with every entry: what came of each, and which were refused with why. */
export function eachEntry<E extends { readonly Id: string | undefined }, R extends object>(
  entries: readonly E[],
  work: (entry: E) => R,
): { Successful: ({ Id: string | undefined } & R)[]; Failed: BatchResultErrorEntry[] } {
  const Successful: ({ Id: string | undefined } & R)[] = [];
  const Failed: BatchResultErrorEntry[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...work(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) {
        throw error;
      }
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}
