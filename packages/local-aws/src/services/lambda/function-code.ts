import { createHash } from "node:crypto";
import type { Architecture, FunctionCode } from "@aws-sdk/client-lambda";
import type { AccessNeed } from "../../core/access.ts";
import { AwsError } from "../../core/aws-error.ts";
import type { ObjectReader } from "../../core/ports.ts";
import type { RequestContext } from "../../core/service.ts";
import { readZipDirectory, ZipError } from "../../runtime/zip-directory.ts";
import { versionsOf } from "./function-target.ts";
import { invalidParameter, unsupported } from "./lambda-errors.ts";
import type { LambdaState, ObjectReference } from "./lambda-state.ts";

/** A deployment package that has been looked at, but not kept yet. */
export interface NewCode {
  readonly bytes: Uint8Array;
  /** In base64. */
  readonly sha256: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_UPLOAD_BYTES = 52_428_800;
const MAX_UNZIPPED_BYTES = 262_144_000;

/**
 * Reads the code that a request brings or names.
 *
 * @throws AwsError when there is none, the caller may not read it from S3 or it is not there, it is no zip, or is too large
 */
export async function readCode(
  state: Pick<LambdaState, "core" | "dependencies">,
  code: (FunctionCode & { ZipFile?: Uint8Array | undefined }) | undefined,
  operation: string,
  context: RequestContext,
): Promise<NewCode> {
  if (code?.ImageUri !== undefined) {
    throw unsupported("container images (ImageUri): use a deployment package of type Zip");
  }
  if (code?.SourceKMSKeyArn !== undefined) {
    throw unsupported("encrypted deployment packages (SourceKMSKeyArn)");
  }
  const fromS3 = code?.S3Bucket !== undefined || code?.S3Key !== undefined;
  if (code?.ZipFile !== undefined && fromS3) {
    throw invalidParameter("Please do not provide other FunctionCode parameters when providing a ZipFile.");
  }
  let bytes: Uint8Array;
  if (code?.ZipFile !== undefined) {
    bytes = code.ZipFile;
    if (bytes.length > MAX_UPLOAD_BYTES) {
      throw new AwsError(
        "RequestEntityTooLargeException",
        `Request must be smaller than 70167211 bytes for the ${operation} operation`,
        { status: 413 },
      );
    }
  } else if (code?.S3Bucket !== undefined && code.S3Key !== undefined) {
    const object = {
      Bucket: code.S3Bucket,
      Key: code.S3Key,
      ...(code.S3ObjectVersion === undefined ? {} : { VersionId: code.S3ObjectVersion }),
    };
    requireObjectAccess(state, object, context);
    bytes = await readFromS3(state.dependencies.objects, object);
  } else {
    throw invalidParameter("Please provide a source for function code.");
  }
  checkPackage(bytes);
  return { bytes, sha256: createHash("sha256").update(bytes).digest("base64") };
}

/** Lambda's answer to a package that cannot be unpacked. */
function badPackage(error: ZipError): AwsError {
  return invalidParameter(
    `Could not unzip uploaded file. Please check your file, then try to upload again. (Local AWS: ${error.message}.)`,
  );
}

/** The one architecture that a request names; `x86_64` by default. Local AWS runs both on the machine's own. */
export function architectureOf(
  architectures: readonly Architecture[] | undefined,
  before: "x86_64" | "arm64" = "x86_64",
): "x86_64" | "arm64" {
  if (architectures === undefined) {
    return before;
  }
  const [only, ...others] = architectures;
  if (others.length > 0 || (only !== "x86_64" && only !== "arm64")) {
    throw invalidParameter("Architectures must hold exactly one of x86_64 and arm64.");
  }
  return only;
}

function checkPackage(bytes: Uint8Array): void {
  try {
    const size = readZipDirectory(bytes).reduce((total, entry) => total + entry.size, 0);
    if (size > MAX_UNZIPPED_BYTES) {
      throw invalidParameter(`Unzipped size must be smaller than ${MAX_UNZIPPED_BYTES} bytes`);
    }
  } catch (error) {
    throw error instanceof ZipError ? badPackage(error) : error;
  }
}

async function readFromS3(objects: ObjectReader, { Bucket, Key, VersionId }: ObjectReference): Promise<Uint8Array> {
  try {
    return (await objects.readObject(Bucket, Key, VersionId)).body;
  } catch (error) {
    if (error instanceof AwsError) {
      throw invalidParameter(
        `Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`,
      );
    }
    throw error;
  }
}

/** Lambda reads code from S3 in its caller's name. */
function requireObjectAccess(
  { core, dependencies }: Pick<LambdaState, "core" | "dependencies">,
  object: ObjectReference,
  context: RequestContext,
): void {
  const { headers, remoteAddress } = context.http;
  const facts = { remoteAddress, userAgent: headers["user-agent"] };
  const needs = dependencies.objectNeeds?.(object, context) ?? [objectNeed(object)];
  if (needs.some((need) => !core.authorizer.decide(context.principal, need, facts).allowed)) {
    throw new AwsError(
      "AccessDeniedException",
      `Your access has been denied by S3, please make sure your request credentials have permission to GetObject for ${object.Bucket}/${object.Key}. S3 Error Code: AccessDenied. S3 Error Message: Access Denied`,
      { status: 403, fields: { Type: "User" } },
    );
  }
}

function objectNeed({ Bucket, Key, VersionId }: ObjectReference): AccessNeed {
  return {
    action: VersionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion",
    resource: `arn:aws:s3:::${Bucket}/${Key}`,
    conditions: { "s3:VersionId": VersionId, "s3:TlsVersion": "1.3" },
  };
}

/** Unpacks code right away, so that a damaged package is refused by the request that brings it. */
export function unpack(state: LambdaState, code: NewCode): void {
  try {
    state.runtime.prepare({ codeSha256: code.sha256, readPackage: () => code.bytes });
  } catch (error) {
    throw error instanceof ZipError ? badPackage(error) : error;
  }
}

/** Deletes the bytes of a deployment package that no version of its function has any longer. */
export function dropUnusedPackage(state: LambdaState, name: string, blob: string): void {
  const view = state.functions.find(name);
  if (view !== undefined && versionsOf(view).every(({ code }) => code.blob !== blob)) {
    state.core.store.blobs.delete(blob);
  }
}
