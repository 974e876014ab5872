import type { _Object } from "@aws-sdk/client-s3";
import { afterPrefix, commonPrefixOf, keyEncoder, listPage, pageSize } from "./list-page.ts";
import type { StoredObject } from "./object-version.ts";
import { invalidArgument } from "./s3-errors.ts";
import type { S3Operations } from "./s3-sdk.ts";
import { isObject, type S3State } from "./s3-state.ts";

/** Listing objects: `ListObjects`, `ListObjectsV2`, `ListObjectVersions`. */
export function listOperations(state: S3State) {
  const entry = (object: StoredObject, encode: (key: string) => string): _Object => ({
    Key: encode(object.key),
    LastModified: object.lastModified,
    ETag: `"${object.etag}"`,
    Size: object.size,
    StorageClass: object.storageClass,
    ChecksumAlgorithm: [object.checksum.algorithm],
    ChecksumType: object.checksum.type,
  });

  return {
    ListObjects(input) {
      const bucket = state.bucket(input);
      const encode = keyEncoder(input.EncodingType);
      const limit = pageSize(input.MaxKeys, "max-keys");
      const delimiter = input.Delimiter ?? "";
      const page = listPage(state, {
        bucket: bucket.name,
        prefix: input.Prefix ?? "",
        delimiter,
        after: input.Marker ?? "",
        limit,
      });
      const owner = state.owner();
      return {
        Name: bucket.name,
        Prefix: encode(input.Prefix ?? ""),
        Marker: encode(input.Marker ?? ""),
        MaxKeys: limit,
        IsTruncated: page.nextAfter !== undefined,
        EncodingType: input.EncodingType,
        Contents: page.objects.map((object) => ({ ...entry(object, encode), Owner: owner })),
        CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
        ...(delimiter === "" ? {} : { Delimiter: encode(delimiter), NextMarker: encode(page.nextAfter) }),
      };
    },

    ListObjectsV2(input) {
      const bucket = state.bucket(input);
      const encode = keyEncoder(input.EncodingType);
      const limit = pageSize(input.MaxKeys, "max-keys");
      const after =
        input.ContinuationToken === undefined ? (input.StartAfter ?? "") : readToken(input.ContinuationToken);
      const page = listPage(state, {
        bucket: bucket.name,
        prefix: input.Prefix ?? "",
        delimiter: input.Delimiter ?? "",
        after,
        limit,
      });
      const owner = input.FetchOwner === true ? { Owner: state.owner() } : {};
      return {
        Name: bucket.name,
        Prefix: encode(input.Prefix ?? ""),
        Delimiter: encode(input.Delimiter),
        MaxKeys: limit,
        KeyCount: page.objects.length + page.commonPrefixes.length,
        IsTruncated: page.nextAfter !== undefined,
        EncodingType: input.EncodingType,
        StartAfter: encode(input.StartAfter),
        ContinuationToken: input.ContinuationToken,
        NextContinuationToken: page.nextAfter === undefined ? undefined : writeToken(page.nextAfter),
        Contents: page.objects.map((object) => ({ ...entry(object, encode), ...owner })),
        CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
      };
    },

    ListObjectVersions(input) {
      const bucket = state.bucket(input);
      const encode = keyEncoder(input.EncodingType);
      const limit = pageSize(input.MaxKeys, "max-keys");
      const prefix = input.Prefix ?? "";
      const delimiter = input.Delimiter ?? "";
      const owner = state.owner();
      const versions = [];
      const deleteMarkers = [];
      const commonPrefixes = [];
      let found = firstVersion(state, bucket.name, prefix, input.KeyMarker, input.VersionIdMarker, delimiter);
      let last: { key: string; versionId: string | undefined } | undefined;
      let truncated = false;
      // A version is the latest unless the page starts in the middle of its key.
      let previousKey = input.VersionIdMarker === undefined ? undefined : input.KeyMarker;
      while (limit > 0 && found?.version.key.startsWith(prefix)) {
        if (versions.length + deleteMarkers.length + commonPrefixes.length === limit) {
          truncated = true;
          break;
        }
        const { version, rank } = found;
        const rolled = commonPrefixOf(version.key, prefix, delimiter);
        if (rolled !== undefined) {
          commonPrefixes.push({ Prefix: encode(rolled) });
          last = { key: rolled, versionId: undefined };
          found = state.versions.next(bucket.name, afterPrefix(rolled));
          continue;
        }
        const common = {
          Key: encode(version.key),
          VersionId: version.versionId,
          IsLatest: version.key !== previousKey,
          LastModified: version.lastModified,
          Owner: owner,
        };
        if (isObject(version)) {
          const { Key: _key, LastModified: _time, ...rest } = entry(version, encode);
          versions.push({ ...common, ...rest, StorageClass: version.storageClass as "STANDARD" });
        } else {
          deleteMarkers.push(common);
        }
        last = version;
        previousKey = version.key;
        found = state.versions.next(bucket.name, version.key, rank);
      }
      return {
        Name: bucket.name,
        Prefix: encode(prefix),
        Delimiter: encode(input.Delimiter),
        MaxKeys: limit,
        KeyMarker: encode(input.KeyMarker ?? ""),
        VersionIdMarker: input.VersionIdMarker ?? "",
        IsTruncated: truncated,
        EncodingType: input.EncodingType,
        Versions: versions,
        DeleteMarkers: deleteMarkers,
        CommonPrefixes: commonPrefixes,
        ...(truncated ? { NextKeyMarker: encode(last?.key), NextVersionIdMarker: last?.versionId } : {}),
      };
    },
  } satisfies S3Operations;
}

function firstVersion(
  state: S3State,
  bucket: string,
  prefix: string,
  keyMarker: string | undefined,
  versionIdMarker: string | undefined,
  delimiter: string,
) {
  if (versionIdMarker !== undefined && versionIdMarker !== "") {
    if (keyMarker === undefined || keyMarker === "") {
      throw invalidArgument(
        "A version-id marker cannot be specified without a key marker.",
        "version-id-marker",
        versionIdMarker,
      );
    }
    const marker = state.versions.find(bucket, keyMarker, versionIdMarker);
    return state.versions.next(bucket, keyMarker, marker?.rank);
  }
  if (keyMarker === undefined || keyMarker === "" || Buffer.compare(Buffer.from(keyMarker), Buffer.from(prefix)) < 0) {
    return state.versions.next(bucket, prefix, Number.MIN_SAFE_INTEGER);
  }
  const endedOnPrefix = keyMarker.startsWith(prefix) && commonPrefixOf(keyMarker, prefix, delimiter) === keyMarker;
  return state.versions.next(bucket, endedOnPrefix ? afterPrefix(keyMarker) : keyMarker);
}

function writeToken(after: string): string {
  return `1${Buffer.from(after).toString("base64url")}`;
}

function readToken(token: string): string {
  if (!/^1[A-Za-z0-9_-]+$/.test(token)) {
    throw invalidArgument("The continuation token provided is incorrect", "continuation-token", token);
  }
  return Buffer.from(token.slice(1), "base64url").toString();
}
