/** What `x-amz-copy-source` names. */
export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

/**
 * Reads `x-amz-copy-source`: `bucket/key` or `/bucket/key`, percent-encoded, with an optional `?versionId=`.
 *
 * @returns `undefined` when it names no object
 */
export function parseCopySource(header: string | undefined): CopySource | undefined {
  const [, path = "", versionId] = /^\/?(.*?)(?:\?versionId=([^&]*))?$/s.exec(header ?? "") ?? [];
  const [, bucket = "", key = ""] = /^([^/]+)\/(.+)$/s.exec(safeDecode(path)) ?? [];
  return bucket === "" || key === "" ? undefined : { bucket, key, versionId };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
