import { isUtf8 } from "node:buffer";
import { createHmac, hash, timingSafeEqual } from "node:crypto";
import { AwsError } from "../core/aws-error.ts";
import type { Credential } from "../core/credentials.ts";
import type { HttpRequest } from "../core/service.ts";

/** What a SigV4 request says about itself, before its signature has been checked. */
export interface SignatureClaim {
  readonly accessKeyId: string;
  /** `20260131` */
  readonly date: string;
  readonly region: string;
  /** The signing name: `s3`, `execute-api`, `monitoring`... */
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20260131T235959Z` */
  readonly timestamp: string;
  readonly securityToken?: string;
  /** Seconds that a presigned URL lives; absent for signed headers. */
  readonly expiresIn?: number;
}

/** A request whose signature holds. */
export interface VerifiedSignature {
  readonly credential: Credential;
  /** Key and scope for the signatures of the chunks that follow, in a streamed upload. */
  readonly signingKey: Buffer;
}

const ALGORITHM = "AWS4-HMAC-SHA256";
const SKEW_MS = 15 * 60 * 1000;
const AUTHORIZATION = /^AWS4-HMAC-SHA256\s+(.*)$/;

/**
 * Reads the signature of a request from its `Authorization` header or its presigned query string.
 *
 * @returns `undefined` for an unsigned request
 * @throws AwsError `IncompleteSignature` when parts are missing
 */
export function readClaim(request: HttpRequest): SignatureClaim | undefined {
  const header = request.headers.authorization;
  if (header !== undefined) {
    return readHeader(header, request);
  }
  return request.query.get("X-Amz-Algorithm") === ALGORITHM ? readPresigned(request) : undefined;
}

function readHeader(header: string, request: HttpRequest): SignatureClaim {
  const parameters = AUTHORIZATION.exec(header)?.[1];
  if (parameters === undefined) {
    throw incomplete(`Unsupported Authorization header: local AWS knows ${ALGORITHM} only.`);
  }
  const parts = new Map<string, string>();
  for (const part of parameters.split(",")) {
    const at = part.indexOf("=");
    if (at > 0) {
      parts.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
    }
  }
  const credential = parts.get("Credential");
  const signature = parts.get("Signature");
  const signedHeaders = parts.get("SignedHeaders");
  if (credential === undefined || signature === undefined || signedHeaders === undefined) {
    throw incomplete("Authorization header requires 'Credential', 'Signature' and 'SignedHeaders' parameters.");
  }
  const timestamp = request.headers["x-amz-date"] ?? request.headers.date;
  if (timestamp === undefined) {
    throw incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  return {
    ...readScope(credential),
    signature,
    signedHeaders: signedHeaders.split(";"),
    timestamp,
    securityToken: request.headers["x-amz-security-token"],
  };
}

function readPresigned({ query }: HttpRequest): SignatureClaim {
  const need = (name: string): string => {
    const value = query.get(name);
    if (value === null) {
      throw incomplete(`AWS query-string parameters must include '${name}'.`);
    }
    return value;
  };
  return {
    ...readScope(need("X-Amz-Credential")),
    signature: need("X-Amz-Signature"),
    signedHeaders: need("X-Amz-SignedHeaders").split(";"),
    timestamp: need("X-Amz-Date"),
    securityToken: query.get("X-Amz-Security-Token") ?? undefined,
    expiresIn: Number(need("X-Amz-Expires")),
  };
}

function readScope(credential: string): Pick<SignatureClaim, "accessKeyId" | "date" | "region" | "service"> {
  const [accessKeyId, date, region, service, terminator, ...rest] = credential.split("/");
  if (!accessKeyId || !date || !region || !service || terminator !== "aws4_request" || rest.length > 0) {
    throw incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/aws4_request, got '${credential}'.`,
    );
  }
  return { accessKeyId, date, region, service };
}

function incomplete(message: string): AwsError {
  return new AwsError("IncompleteSignature", message, { status: 400 });
}

/**
 * Checks a signature as AWS does: key known, not expired, time within 15 minutes, body and headers unchanged.
 * Source: "Signature Version 4 signing process" in the IAM User Guide.
 *
 * @param find - looks an access key up
 * @param wallNow - milliseconds on the wall clock (clients sign with theirs)
 * @throws AwsError `InvalidClientTokenId`, `SignatureDoesNotMatch`, `ExpiredToken`, `RequestTimeTooSkewed` (generic codes: the
 * wire layer renames them for the caller's protocol)
 */
export function verifySignature(
  request: HttpRequest,
  claim: SignatureClaim,
  find: (accessKeyId: string) => Credential | undefined,
  wallNow: number,
): VerifiedSignature {
  const credential = find(claim.accessKeyId);
  if (credential === undefined || credential.status === "Inactive") {
    throw new AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", {
      status: 403,
    });
  }
  if (credential.sessionToken !== undefined && credential.sessionToken !== claim.securityToken) {
    throw new AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", {
      status: 403,
    });
  }
  if (credential.expiresAt !== undefined && credential.expiresAt <= wallNow) {
    throw new AwsError("ExpiredToken", "The security token included in the request is expired", { status: 403 });
  }
  checkTime(claim, wallNow);
  const signingKey = deriveKey(credential.secretAccessKey, claim);
  const expected = createHmac("sha256", signingKey).update(stringToSign(request, claim)).digest("hex");
  if (!equalHex(expected, claim.signature)) {
    throw new AwsError(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
      { status: 403 },
    );
  }
  return { credential, signingKey };
}

function checkTime(claim: SignatureClaim, wallNow: number): void {
  const signedAt = parseTimestamp(claim.timestamp);
  if (Number.isNaN(signedAt)) {
    throw incomplete(`Date must be in ISO-8601 'basic format'. Got '${claim.timestamp}'.`);
  }
  if (claim.expiresIn !== undefined) {
    if (!(claim.expiresIn > 0 && claim.expiresIn <= 604_800)) {
      throw incomplete("X-Amz-Expires must be between 1 and 604800 seconds.");
    }
    if (signedAt > wallNow + SKEW_MS) {
      throw new AwsError("AccessDenied", "Request is not valid yet", { status: 403 });
    }
    if (wallNow > signedAt + claim.expiresIn * 1000) {
      throw new AwsError("AccessDenied", "Request has expired", { status: 403 });
    }
    return;
  }
  if (Math.abs(wallNow - signedAt) > SKEW_MS) {
    throw new AwsError(
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
      { status: 403 },
    );
  }
}

/** A client that is busy signs many requests within one second: the latest timestamp is parsed once. */
let latestTimestamp = { value: "", ms: Number.NaN };

function parseTimestamp(value: string): number {
  if (value !== latestTimestamp.value) {
    const extended = value.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
    latestTimestamp = { value, ms: Date.parse(extended) };
  }
  return latestTimestamp.ms;
}

function stringToSign(request: HttpRequest, claim: SignatureClaim): string {
  return `${ALGORITHM}\n${basicTimestamp(claim)}\n${scopeOf(claim)}\n${sha256Hex(canonicalRequest(request, claim))}`;
}

function basicTimestamp({ timestamp }: SignatureClaim): string {
  return /^\d{8}T\d{6}Z$/.test(timestamp)
    ? timestamp
    : new Date(Date.parse(timestamp)).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

function scopeOf(claim: SignatureClaim): string {
  return `${claim.date}/${claim.region}/${claim.service}/aws4_request`;
}

function canonicalRequest(request: HttpRequest, claim: SignatureClaim): string {
  const headers = claim.signedHeaders.map((name) => `${name}:${canonicalHeader(request, name)}\n`).join("");
  return [
    request.method,
    canonicalPath(request.path, claim.service),
    canonicalQuery(request),
    headers,
    claim.signedHeaders.join(";"),
    payloadHash(request, claim),
  ].join("\n");
}

/** A header that was sent several times is signed as its values with commas between them, and no space. */
function canonicalHeader(request: HttpRequest, name: string): string {
  const joined = request.headers[name] ?? "";
  if (!joined.includes(",")) {
    return canonicalValue(joined);
  }
  const values = request.rawHeaders.filter(([sent]) => sent.toLowerCase() === name);
  return values.length < 2 ? canonicalValue(joined) : values.map(([, value]) => canonicalValue(value)).join(",");
}

/** Printable ASCII with single spaces, as nearly every header is. */
const PLAIN_VALUE = /^[!-~]+(?: [!-~]+)*$/;

function canonicalValue(value: string): string {
  if (PLAIN_VALUE.test(value)) {
    return value;
  }
  const trimmed = asSigned(value).trim();
  return /\s\s|[^\S ]/.test(trimmed) ? trimmed.replace(/\s+/g, " ") : trimmed;
}

/**
 * Node gives a character for each byte of a header. Most clients send and sign UTF-8; the JavaScript SDK sends Latin-1 and signs
 * UTF-8.
 */
function asSigned(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII
  if (/^[\x00-\x7F]*$/.test(value)) {
    return value;
  }
  const bytes = latin1(value);
  return isUtf8(bytes) ? bytes.toString("utf8") : value;
}

/** S3 signs the path encoded once; every other service signs the encoded path encoded again. */
function canonicalPath(path: string, service: string): string {
  if (path === "/" || path === "") {
    return "/";
  }
  const signed = service === "s3" ? path : normalizedPath(path);
  return signed
    .split("/")
    .map((segment) => (service === "s3" ? encode(decodeOrKeep(segment)) : encode(segment)))
    .join("/");
}

/** Clients of every service but S3 sign the path without empty and dot segments (RFC 3986, section 5.2.4). */
function normalizedPath(path: string): string {
  if (!/\/\/|\/\.{1,2}(?:\/|$)/.test(path)) {
    return path;
  }
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") {
      kept.pop();
    } else if (segment !== "" && segment !== ".") {
      kept.push(segment);
    }
  }
  return `/${kept.join("/")}${kept.length > 0 && path.endsWith("/") ? "/" : ""}`;
}

function decodeOrKeep(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function canonicalQuery({ query, rawQuery }: HttpRequest): string {
  if (rawQuery === "") {
    return "";
  }
  const pairs: [string, string][] = [];
  for (const [name, value] of query) {
    if (name !== "X-Amz-Signature") {
      pairs.push([encode(name), encode(value)]);
    }
  }
  // By code point of the encoded name, then of the value: not by locale.
  pairs.sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]));
  return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The hash that was signed. Clients of S3 name it in a header, where it may be a word (`UNSIGNED-PAYLOAD`) or a promise; a hash is
 * held against the body.
 */
function payloadHash(request: HttpRequest, claim: SignatureClaim): string {
  const named = request.headers["x-amz-content-sha256"];
  if (claim.expiresIn !== undefined) {
    return claim.service === "s3"
      ? (named ?? request.query.get("X-Amz-Content-Sha256") ?? "UNSIGNED-PAYLOAD")
      : sha256Hex(request.body);
  }
  if (named === undefined) {
    return sha256Hex(request.body);
  }
  if (/^[0-9a-f]{64}$/i.test(named) && !equalHex(sha256Hex(request.body), named)) {
    throw new AwsError(
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      { status: 400 },
    );
  }
  return named;
}

const keyCache = new Map<string, Buffer>();

/** Signing keys change once a day, so each is derived once; the cache is emptied when it has grown past a day's worth. */
function deriveKey(secret: string, claim: SignatureClaim): Buffer {
  const cacheKey = `${secret}/${claim.date}/${claim.region}/${claim.service}`;
  const cached = keyCache.get(cacheKey);
  if (cached !== undefined) {
    return cached;
  }
  const hmac = (key: string | Buffer, data: string): Buffer => createHmac("sha256", key).update(data).digest();
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, claim.date), claim.region), claim.service), "aws4_request");
  if (keyCache.size > 1000) {
    keyCache.clear();
  }
  keyCache.set(cacheKey, key);
  return key;
}

/**
 * The signature of one chunk of a streamed upload, which signs the one before.
 * Source: "Authenticating Requests: Using the Authorization Header (Transferring Payload in Multiple Chunks)", Amazon S3 API Reference.
 */
export function chunkSignature(claim: SignatureClaim, signingKey: Buffer, previous: string, chunk: Uint8Array): string {
  const text = `AWS4-HMAC-SHA256-PAYLOAD\n${basicTimestamp(claim)}\n${scopeOf(claim)}\n${previous}\n${sha256Hex("")}\n${sha256Hex(chunk)}`;
  return createHmac("sha256", signingKey).update(text).digest("hex");
}

/** True when two hexadecimal digests are equal, in constant time. */
export function equalHex(a: string, b: string): boolean {
  // Latin-1: one byte for a character, or what is no digest would be compared by a length of its own.
  const [left, right] = [latin1(a.toLowerCase()), latin1(b.toLowerCase())];
  return left.length === right.length && timingSafeEqual(left, right);
}

function latin1(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

function sha256Hex(data: string | Uint8Array): string {
  return hash("sha256", data, "hex");
}

/** Percent-encodes all but RFC 3986's unreserved characters, as SigV4 asks. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
