import { randomUUID } from "node:crypto";
import type { AccessNeeds } from "../../core/access.ts";
import type { Core } from "../../core/core.ts";
import type { ObjectWriter, ServiceCaller, ServiceObject } from "../../core/ports.ts";
import type { OperationName, RequestContext } from "../../core/service.ts";
import type { S3, S3Input, S3Operations, S3Output } from "./s3-sdk.ts";

/**
 * Writes objects for other services by S3's own operations, so that bucket policies, default encryption, versioning, locks and
 * server access logs count for them as for everybody. Such a service uses the rights that its caller has (a forward access session), and
 * gives the bucket's owner control of the object, whoever that is.
 *
 * @param access - what the operations need when a service calls them, by `forwardedAccess`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
 */
export function objectWriter(core: Core, operations: S3Operations, access: AccessNeeds<S3>): ObjectWriter {
  const call = async <N extends OperationName<S3>>(
    name: N,
    input: S3Input<N>,
    { principal, service }: ServiceCaller,
  ): Promise<S3Output<N>> => {
    const context = contextOf(core, principal, service);
    const [operation, needs] = [operations[name], access[name]];
    if (operation === undefined || needs === undefined) {
      throw new Error(`S3 has no operation ${name}.`);
    }
    core.authorizer.require(principal, needs(input, context));
    return await operation(input, context);
  };

  return {
    async put(object, by) {
      await call("PutObject", { ...headersOf(object), Body: object.body }, by);
    },

    async upload(object, by) {
      const { bucket: Bucket, key: Key, bucketOwner: ExpectedBucketOwner } = object;
      const { UploadId } = await call("CreateMultipartUpload", headersOf(object), by);
      const target = { Bucket, Key, UploadId, ExpectedBucketOwner };
      try {
        const { ETag } = await call("UploadPart", { ...target, PartNumber: 1, Body: object.body }, by);
        const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
        const done = await call("CompleteMultipartUpload", { ...target, MultipartUpload }, by);
        return { etag: (done.ETag ?? "").replaceAll('"', "") };
      } catch (error) {
        // What is left of it is charged for; who may not tidy up gets the error that came first.
        await call("AbortMultipartUpload", target, by).catch(() => {});
        throw error;
      }
    },
  };
}

function headersOf({ bucket, key, contentType, encryption, bucketOwner }: ServiceObject) {
  return {
    Bucket: bucket,
    Key: key,
    ContentType: contentType,
    ACL: "bucket-owner-full-control" as const,
    ExpectedBucketOwner: bucketOwner,
    ServerSideEncryption: encryption?.algorithm,
    SSEKMSKeyId: encryption?.kmsKeyId,
  };
}

/** A request that came over no wire. */
function contextOf(
  { region, accountId, clock }: Core,
  principal: RequestContext["principal"],
  service: string,
): RequestContext {
  return {
    ...{ requestId: randomUUID(), region, accountId, principal, clock, responseHeaders: {} },
    http: {
      ...{
        method: "PUT",
        path: "/",
        query: new URLSearchParams(),
        rawQuery: "",
        rawHeaders: [],
        body: new Uint8Array(),
      },
      headers: { "user-agent": service },
      remoteAddress: service,
    },
    signal: new AbortController().signal,
  };
}
