import { createHash } from "node:crypto";
import type { BucketRecord } from "./bucket-record.ts";
import { checkWriteConditions } from "./object-conditions.ts";
import type { ObjectVersion, StoredObject } from "./object-version.ts";
import type { S3State } from "./s3-state.ts";

/** Largest object that one request may put, in bytes. */
export const LARGEST_PUT = 5 * 1024 ** 3;

/** What {@link writeObject} adds by itself. */
type Given = "kind" | "versionId" | "lastModified" | "blob";

/** The MD5 of some bytes in hexadecimal, as entity tags show it. */
export function md5Hex(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}

/**
 * Makes an object the current version of its key. The bytes are on disk before the record that refers to them, and the
 * conditions are judged in the transaction that writes it.
 *
 * ```
 * blob written ─▶ [ conditions hold? ─▶ record written ] ─▶ acknowledged ─▶ bytes of a replaced version deleted
 *                 └──────── one transaction ─────────┘
 * ```
 *
 * @param also - further writes of the same transaction; returns blobs that they orphan
 * @throws AwsError as {@link checkWriteConditions} does; nothing is kept then
 */
export function writeObject(
  state: S3State,
  bucket: BucketRecord,
  body: Uint8Array,
  properties: Omit<StoredObject, Given>,
  conditions: { readonly IfMatch?: string | undefined; readonly IfNoneMatch?: string | undefined },
  also: (current: ObjectVersion | undefined) => string[] = () => [],
): StoredObject {
  const { core, versions } = state;
  const blob = core.store.blobs.put(body);
  const object: StoredObject = {
    ...properties,
    kind: "object",
    versionId: state.newVersionId(bucket),
    lastModified: state.now(),
    blob,
  };
  let orphans: string[];
  try {
    orphans = core.store.transaction(() => {
      const current = versions.latest(bucket.name, object.key);
      checkWriteConditions(object.key, current, conditions);
      return [...also(current), ...state.addVersion(bucket, object)];
    });
  } catch (error) {
    state.dropBlobs([blob]);
    throw error;
  }
  state.dropBlobs(orphans);
  return object;
}
