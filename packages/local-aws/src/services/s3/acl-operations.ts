import type { Grant } from "@aws-sdk/client-s3";
import { aclNotSupported, cannedGrants, hasGrantHeaders, isPublicAcl } from "./bucket-acl.ts";
import { findObject } from "./find-object.ts";
import { accessDenied, invalidArgument, malformedXml, notImplemented } from "./s3-errors.ts";
import type { S3Operations } from "./s3-sdk.ts";
import { requireKey, type S3State } from "./s3-state.ts";

const PERMISSIONS = ["FULL_CONTROL", "WRITE", "WRITE_ACP", "READ", "READ_ACP"];

/** Access control lists: of buckets to read and write, of objects to read. */
export function aclOperations(state: S3State) {
  return {
    GetBucketAcl(input) {
      return { Owner: state.owner(), Grants: [...state.bucket(input).grants] };
    },

    PutBucketAcl(input) {
      const bucket = state.bucket(input);
      if (hasGrantHeaders(input)) {
        throw notImplemented("x-amz-grant-* headers; send an AccessControlPolicy instead");
      }
      const listed = input.AccessControlPolicy?.Grants;
      if ((input.ACL === undefined) === (listed === undefined)) {
        throw malformedXml();
      }
      const grants = listed === undefined ? cannedGrants(state, input.ACL ?? "") : checkedGrants(listed);
      if (
        bucket.ownership === "BucketOwnerEnforced" &&
        (input.ACL as string | undefined) !== "bucket-owner-full-control"
      ) {
        throw aclNotSupported();
      }
      if (isPublicAcl(grants) && bucket.publicAccessBlock?.BlockPublicAcls === true) {
        throw accessDenied();
      }
      state.update(bucket, { grants });
      return {};
    },

    GetObjectAcl(input) {
      findObject(state, state.bucket(input), requireKey(input.Key), input.VersionId);
      return { Owner: state.owner(), Grants: [...cannedGrants(state, "private")] };
    },
  } satisfies S3Operations;
}

function checkedGrants(grants: readonly Grant[]): readonly Grant[] {
  for (const { Grantee, Permission = "" } of grants) {
    if (!PERMISSIONS.includes(Permission) || Grantee === undefined) {
      throw malformedXml();
    }
    if (Grantee.Type === "AmazonCustomerByEmail") {
      throw invalidArgument("Email grantee ACLs are not supported", "Grantee", Grantee.EmailAddress ?? "");
    }
  }
  return grants;
}
