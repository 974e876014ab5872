/** A media type without its parameters, in lower case: `Text/HTML; charset=utf-8` is `text/html`. */
export function bareMediaType(header: string | undefined): string {
  return (header ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

/**
 * Whether a media type is one of an API's binary media types, which may be patterns: an asterisk for the subtype, or for all.
 *
 * Source: Amazon API Gateway developer guide, "Working with binary media types for REST APIs".
 */
export function isBinary(binaryMediaTypes: readonly string[], mediaType: string): boolean {
  return binaryMediaTypes.some((pattern) => {
    const type = pattern.toLowerCase();
    if (type === "*/*" || type === mediaType) {
      return true;
    }
    return type.endsWith("/*") && mediaType.startsWith(type.slice(0, -1));
  });
}

/** The media type of an `Accept` header that API Gateway looks at: the first. */
export function firstAccepted(header: string | undefined): string {
  return bareMediaType(header?.split(",")[0]);
}

/** Picks from a map by media type: the one asked for, else JSON, else the first. */
export function pickByMediaType<T>(map: Readonly<Record<string, T>>, asked: string): [string, T] | undefined {
  const entries = Object.entries(map);
  return (
    entries.find(([type]) => bareMediaType(type) === asked) ??
    entries.find(([type]) => bareMediaType(type) === "application/json") ??
    entries[0]
  );
}
