import { createHash } from "node:crypto";
import type { RequestContext } from "../../core/service.ts";

/** A request to a bucket that is logged, with what became of it. */
export interface LoggedRequest {
  readonly bucket: string;
  /** Operation of the API: `GetObject`. */
  readonly operation: string;
  readonly key: string | undefined;
  readonly versionId: string | undefined;
  readonly context: RequestContext;
  /** When it came, in milliseconds since the epoch. */
  readonly at: number;
  readonly status: number;
  readonly errorCode: string | undefined;
  /** Of the body, where it is an object's content. */
  readonly bytesSent: number | undefined;
  readonly objectSize: number | undefined;
  readonly durationMs: number;
}

/** What server access logs call the thing that an operation works on, beside objects and buckets. */
const RESOURCES: Readonly<Record<string, string>> = {
  UploadPart: "PART",
  UploadPartCopy: "PART",
  CreateMultipartUpload: "UPLOADS",
  ListMultipartUploads: "UPLOADS",
  CompleteMultipartUpload: "UPLOAD",
  AbortMultipartUpload: "UPLOAD",
  ListParts: "UPLOAD",
  DeleteObjects: "MULTI_OBJECT_DELETE",
  ListObjectVersions: "BUCKETVERSIONS",
  GetBucketLocation: "LOCATION",
  GetObjectAttributes: "OBJECT_ATTRIBUTES",
  GetObjectTagging: "OBJECT_TAGGING",
  PutObjectTagging: "OBJECT_TAGGING",
  DeleteObjectTagging: "OBJECT_TAGGING",
  GetObjectAcl: "ACL",
};
/** Settings of buckets: `GetBucketVersioning` is `REST.GET.VERSIONING`. */
const SETTINGS: Readonly<Record<string, string>> = {
  Acl: "ACL",
  AccelerateConfiguration: "ACCELERATE",
  Cors: "CORS",
  Encryption: "ENCRYPTION",
  Lifecycle: "LIFECYCLE",
  LifecycleConfiguration: "LIFECYCLE",
  Logging: "LOGGING_STATUS",
  NotificationConfiguration: "NOTIFICATION",
  OwnershipControls: "OWNERSHIP_CONTROLS",
  Policy: "BUCKETPOLICY",
  PolicyStatus: "POLICY_STATUS",
  Replication: "REPLICATION",
  RequestPayment: "REQUEST_PAYMENT",
  Tagging: "TAGGING",
  Versioning: "VERSIONING",
  Website: "WEBSITE",
};
const LOCKS: Readonly<Record<string, string>> = {
  ObjectLockConfiguration: "OBJECT_LOCK_CONFIGURATION",
  ObjectRetention: "OBJECT_LOCK_RETENTION",
  ObjectLegalHold: "OBJECT_LOCK_LEGALHOLD",
  PublicAccessBlock: "PUBLIC_ACCESS_BLOCK",
};
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * One line of a server access log, without its end.
 *
 * @param owner - canonical id of the bucket's owner
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
 */
export function accessLogLine(request: LoggedRequest, owner: string): string {
  const { context, bucket, key, versionId, at, status, errorCode, bytesSent, objectSize, durationMs } = request;
  const { http, requestId, principal, region } = context;
  const target = http.rawQuery === "" ? http.path : `${http.path}?${http.rawQuery}`;
  const isPresigned = http.query.has("X-Amz-Signature");
  const total = String(Math.max(1, Math.round(durationMs)));
  return [
    owner,
    bucket,
    `[${logTime(at)}]`,
    http.remoteAddress,
    principal.type === "root" ? owner : principal.arn,
    requestId.replaceAll("-", "").slice(0, 16).toUpperCase(),
    operationName(request),
    key === undefined ? "-" : encodeURIComponent(key).replaceAll("%2F", "/"),
    quoted(`${http.method} ${target} HTTP/1.1`),
    String(status),
    errorCode ?? "-",
    bytesSent === undefined || bytesSent === 0 ? "-" : String(bytesSent),
    objectSize === undefined ? "-" : String(objectSize),
    total,
    bytesSent === undefined ? "-" : total,
    quoted(http.headers.referer ?? "-"),
    quoted(http.headers["user-agent"] ?? "-"),
    versionId ?? "-",
    createHash("sha256").update(requestId).digest("base64"),
    "SigV4",
    // No TLS on loopback: neither cipher suite nor version.
    "-",
    isPresigned ? "QueryString" : "AuthHeader",
    http.headers.host ?? "-",
    "-",
    "-",
    "-",
    region,
  ].join(" ");
}

/** `REST.GET.OBJECT` */
function operationName({ operation, context }: LoggedRequest): string {
  const isCopy = operation === "CopyObject" || operation === "UploadPartCopy";
  return `REST.${isCopy ? "COPY" : context.http.method}.${resourceName(operation)}`;
}

function resourceName(operation: string): string {
  const known = RESOURCES[operation];
  if (known !== undefined) {
    return known;
  }
  const [, noun = ""] = /^(?:Get|Put|Delete)(?:Bucket)?(.*)$/.exec(operation) ?? [];
  return SETTINGS[noun] ?? LOCKS[noun] ?? (operation.endsWith("Object") ? "OBJECT" : "BUCKET");
}

/** `06/Feb/2019:00:00:38 +0000` */
function logTime(at: number): string {
  const [date = "", time = ""] = new Date(at).toISOString().split(/[T.]/);
  const [year, month, day] = date.split("-");
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
}

/** A quotation mark inside would end the field. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', "%22")}"`;
}
