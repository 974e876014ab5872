import type { AccessNeed } from "../../core/access.ts";
import type { Core } from "../../core/core.ts";
import type { KeyDirectory, ObjectReader, ObjectWriter, TagSource } from "../../core/ports.ts";
import { defineService, type RequestContext, type Service } from "../../core/service.ts";
import { s3Access } from "./access.ts";
import { AccessLog } from "./access-log.ts";
import { bucketAddress } from "./bucket-address.ts";
import { bucketOperations } from "./bucket-operations.ts";
import { configurationOperations } from "./configuration-operations.ts";
import { deleteOperations } from "./delete-operations.ts";
import { findObject } from "./find-object.ts";
import { forwardedAccess } from "./forwarded-access.ts";
import { withHiddenAbsence } from "./hidden-absence.ts";
import { lifecycleSweep } from "./lifecycle-sweep.ts";
import { listOperations } from "./list-operations.ts";
import { withAccessLog, withLoggedDenials } from "./logged-operations.ts";
import { multipartOperations } from "./multipart-operations.ts";
import { objectReadNeeds } from "./object-access.ts";
import { objectLockOperations } from "./object-lock-operations.ts";
import { objectWriter } from "./object-writer.ts";
import { policyOperations } from "./policy-operations.ts";
import { readOperations } from "./read-operations.ts";
import type { S3 } from "./s3-sdk.ts";
import { S3State, shownVersionId } from "./s3-state.ts";
import { taggingOperations } from "./tagging-operations.ts";
import { uploadListing } from "./upload-listing.ts";
import { withVerifiedBodies } from "./verify-request-body.ts";
import { writeOperations } from "./write-operations.ts";

/** All operations of S3 on one state. */
function s3Operations(state: S3State) {
  return {
    ...bucketOperations(state),
    ...configurationOperations(state),
    ...policyOperations(state),
    ...taggingOperations(state),
    ...writeOperations(state),
    ...readOperations(state),
    ...deleteOperations(state),
    ...listOperations(state),
    ...multipartOperations(state),
    ...uploadListing(state),
    ...objectLockOperations(state),
  };
}

/** S3 with the ports that it implements. */
export interface S3Service {
  readonly service: Service;
  readonly objects: ObjectReader;
  readonly writer: ObjectWriter;
  readonly tags: TagSource;
  /** What a caller needs so that a service may read an object in the caller's name. */
  objectNeeds(
    object: { readonly Bucket: string; readonly Key: string; readonly VersionId?: string },
    context: RequestContext,
  ): readonly AccessNeed[];
}

/**
 * Makes S3: general purpose buckets of one Region.
 *
 * @param deps.keys - KMS's keys, so that `aws:kms` names real ones; without it key ids are taken as they are
 */
export function createS3(core: Core, deps: { keys?: KeyDirectory } = {}): S3Service {
  const state = new S3State(core, deps.keys);
  const stopSweep = lifecycleSweep(state);
  const log = new AccessLog(state);
  const operations = withAccessLog(state, log, withHiddenAbsence(state, withVerifiedBodies(s3Operations(state))));
  const needs = s3Access(state);
  const service = defineService<S3>({
    id: "s3",
    signingNames: ["s3"],
    load: () => import("@aws-sdk/client-s3"),
    client: "S3Client",
    rest: "restXml",
    prepare: bucketAddress,
    operations,
    access: withLoggedDenials(state, log, needs),
    close: async () => {
      stopSweep();
      log.flush();
    },
    inventory: () => state.buckets.values().map(({ name }) => `AWS::S3::Bucket ${name}`),
  });
  return {
    service,
    objects: {
      readObject: async (bucketName, key, versionId) => {
        const bucket = state.bucket({ Bucket: bucketName });
        const object = findObject(state, bucket, key, versionId);
        const shown = shownVersionId(bucket, object);
        return {
          body: core.store.blobs.get(object.blob),
          ...(shown === undefined ? {} : { versionId: shown }),
        };
      },
    },
    // Nothing of the caller's own request is known to S3 when a service calls.
    writer: objectWriter(
      core,
      operations,
      withLoggedDenials(state, log, forwardedAccess(needs), () => undefined),
    ),
    objectNeeds: (object, context) => objectReadNeeds(state, object, context),
    tags: {
      taggedResources: () =>
        state.buckets
          .values()
          .flatMap(({ name, tags }) => (tags === undefined ? [] : [{ arn: `arn:aws:s3:::${name}`, type: "s3", tags }])),
    },
  };
}
