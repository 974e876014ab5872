import { commonPrefixOf, keyEncoder, pageSize } from "./list-page.ts";
import type { MultipartUpload } from "./multipart-upload.ts";
import type { S3Operations } from "./s3-sdk.ts";
import type { S3State } from "./s3-state.ts";

/** Listing uploads in progress: `ListMultipartUploads`, by key and then by time of initiation. */
export function uploadListing(state: S3State) {
  return {
    ListMultipartUploads(input) {
      const bucket = state.bucket(input);
      const encode = keyEncoder(input.EncodingType);
      const prefix = input.Prefix ?? "";
      const delimiter = input.Delimiter ?? "";
      const limit = pageSize(input.MaxUploads, "max-uploads");
      const keyMarker = input.KeyMarker ?? "";
      const owner = state.owner();
      const matching = state.uploads
        .values(`${bucket.name}/`)
        .filter(({ key }) => key.startsWith(prefix))
        .sort(inOrder);
      const from = startOf(matching, keyMarker, input.UploadIdMarker);
      const uploads = [];
      const prefixes: string[] = [];
      let last: { key: string; id: string } | undefined;
      let truncated = false;
      for (const upload of matching.slice(from)) {
        const rolled = commonPrefixOf(upload.key, prefix, delimiter);
        if (rolled !== undefined && (prefixes.includes(rolled) || rolled === keyMarker)) {
          continue;
        }
        if (uploads.length + prefixes.length === limit) {
          truncated = limit > 0;
          break;
        }
        if (rolled === undefined) {
          uploads.push({
            UploadId: upload.id,
            Key: encode(upload.key),
            Initiated: upload.initiated,
            StorageClass: upload.storageClass,
            Owner: owner,
            Initiator: owner,
            ...(upload.checksum.requested
              ? { ChecksumAlgorithm: upload.checksum.algorithm, ChecksumType: upload.checksum.type }
              : {}),
          });
          last = upload;
        } else {
          prefixes.push(rolled);
          last = { key: rolled, id: "" };
        }
      }
      return {
        Bucket: bucket.name,
        KeyMarker: encode(keyMarker),
        UploadIdMarker: input.UploadIdMarker ?? "",
        NextKeyMarker: encode(last?.key ?? ""),
        NextUploadIdMarker: last?.id ?? "",
        Prefix: encode(prefix),
        Delimiter: encode(input.Delimiter),
        EncodingType: input.EncodingType,
        MaxUploads: limit,
        IsTruncated: truncated,
        Uploads: uploads,
        CommonPrefixes: prefixes.map((one) => ({ Prefix: encode(one) })),
      };
    },
  } satisfies S3Operations;
}

function inOrder(one: MultipartUpload, other: MultipartUpload): number {
  return (
    Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)) ||
    one.initiated.getTime() - other.initiated.getTime() ||
    (one.id < other.id ? -1 : 1)
  );
}

function startOf(uploads: readonly MultipartUpload[], keyMarker: string, idMarker: string | undefined): number {
  if (keyMarker === "") {
    return 0;
  }
  const marker = idMarker === undefined ? -1 : uploads.findIndex(({ key, id }) => key === keyMarker && id === idMarker);
  if (marker !== -1) {
    return marker + 1;
  }
  const first = uploads.findIndex(({ key }) => Buffer.compare(Buffer.from(key), Buffer.from(keyMarker)) > 0);
  return first === -1 ? uploads.length : first;
}
