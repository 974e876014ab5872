import { AwsError } from "../../core/aws-error.ts";

/** A page of a list, as KMS pages all its lists. */
export interface Page<T> {
  readonly items: T[];
  readonly members: { Truncated: boolean; NextMarker?: string };
}

/**
 * Cuts a page out of a list.
 *
 * @throws AwsError `InvalidMarkerException` or `ValidationException`
 */
export function pageOf<T>(
  all: readonly T[],
  { Limit = 100, Marker }: { readonly Limit?: number | undefined; readonly Marker?: string | undefined },
): Page<T> {
  if (!Number.isInteger(Limit) || Limit < 1 || Limit > 1000) {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${Limit}' at 'limit' failed to satisfy constraint: Member must have value between 1 and 1000`,
    );
  }
  const from = Marker === undefined ? 0 : Number(/^offset-(\d+)$/.exec(Marker)?.[1]);
  if (Number.isNaN(from)) {
    throw new AwsError("InvalidMarkerException", "The marker is not one that KMS gave.");
  }
  const items = all.slice(from, from + Limit);
  const next = from + items.length;
  return {
    items,
    members: next < all.length ? { Truncated: true, NextMarker: `offset-${next}` } : { Truncated: false },
  };
}
