import { AwsError } from "../../core/aws-error.ts";

/*
 * The errors that many operations of S3 share, with the codes, messages and fields of
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */

/** The bucket is not there. */
export function noSuchBucket(bucket: string): AwsError {
  return new AwsError("NoSuchBucket", "The specified bucket does not exist", {
    status: 404,
    fields: { BucketName: bucket },
  });
}

/** The key has no current object; behind a delete marker the answer says so. */
export function noSuchKey(key: string, markerVersionId?: string): AwsError {
  const headers: Record<string, string> =
    markerVersionId === undefined ? {} : { "x-amz-delete-marker": "true", "x-amz-version-id": markerVersionId };
  return new AwsError("NoSuchKey", "The specified key does not exist.", {
    status: 404,
    fields: { Key: key },
    headers,
  });
}

/** The version is not there. */
export function noSuchVersion(key: string, versionId: string): AwsError {
  return new AwsError("NoSuchVersion", "The specified version does not exist.", {
    status: 404,
    fields: { Key: key, VersionId: versionId },
  });
}

/** A parameter has a value that S3 refuses. */
export function invalidArgument(message: string, name: string, value: string): AwsError {
  return new AwsError("InvalidArgument", message, {
    status: 400,
    fields: { ArgumentName: name, ArgumentValue: value },
  });
}

/** The request contradicts itself or the state of the bucket. */
export function invalidRequest(message: string): AwsError {
  return new AwsError("InvalidRequest", message, { status: 400 });
}

/** The XML says something that its schema does not allow. */
export function malformedXml(detail?: string): AwsError {
  const message = "The XML you provided was not well-formed or did not validate against our published schema";
  return new AwsError("MalformedXML", detail === undefined ? message : `${message}: ${detail}`, { status: 400 });
}

/** A condition of a conditional request does not hold. */
export function preconditionFailed(condition: string): AwsError {
  return new AwsError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    status: 412,
    fields: { Condition: condition },
  });
}

/** The caller may not. */
export function accessDenied(message = "Access Denied"): AwsError {
  return new AwsError("AccessDenied", message, { status: 403 });
}

/** A feature of S3 that local AWS does not play. Status 400 where S3 would say 501: SDKs retry 5xx. */
export function notImplemented(feature: string): AwsError {
  return new AwsError("NotImplemented", `Local AWS does not implement ${feature}.`, { status: 400 });
}
