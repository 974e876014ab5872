import { invalidParameter } from "./lambda-errors.ts";

/**
 * One page of a listing, by `Marker` and `MaxItems`. The marker is opaque to callers; it names the first item of the next page.
 *
 * @param most - largest page that AWS gives for this listing
 * @throws AwsError when the marker is not one of ours
 */
export function page<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  request: { Marker?: string | undefined; MaxItems?: number | undefined },
  most = 50,
): { items: T[]; NextMarker?: string } {
  const size = Math.min(request.MaxItems ?? most, most);
  let from = 0;
  if (request.Marker !== undefined && request.Marker !== "") {
    const key = Buffer.from(request.Marker, "base64url").toString();
    from = items.findIndex((item) => keyOf(item) === key);
    if (from < 0) {
      throw invalidParameter("The Marker is not valid. Use the NextMarker of the page before.");
    }
  }
  const next = items[from + size];
  return {
    items: items.slice(from, from + size),
    ...(next === undefined ? {} : { NextMarker: Buffer.from(keyOf(next)).toString("base64url") }),
  };
}
