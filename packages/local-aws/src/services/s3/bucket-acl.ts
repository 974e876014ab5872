import type { Grant } from "@aws-sdk/client-s3";
import { AwsError } from "../../core/aws-error.ts";
import type { BucketRecord } from "./bucket-record.ts";
import { invalidArgument, notImplemented } from "./s3-errors.ts";
import type { S3State } from "./s3-state.ts";

const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";
const AUTHENTICATED_USERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
const LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery";

/** What a request says about ACLs. */
interface AclInput {
  readonly ACL?: string | undefined;
  readonly GrantFullControl?: string | undefined;
  readonly GrantRead?: string | undefined;
  readonly GrantReadACP?: string | undefined;
  readonly GrantWrite?: string | undefined;
  readonly GrantWriteACP?: string | undefined;
}

/** True when a request sets an ACL with grant headers. */
export function hasGrantHeaders(input: AclInput): boolean {
  return [input.GrantFullControl, input.GrantRead, input.GrantReadACP, input.GrantWrite, input.GrantWriteACP].some(
    (header) => header !== undefined,
  );
}

/**
 * The grants of a canned ACL.
 *
 * @throws AwsError `InvalidArgument`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
 */
export function cannedGrants(state: S3State, acl: string): readonly Grant[] {
  const { ID } = state.owner();
  const owner: Grant = { Grantee: { Type: "CanonicalUser", ID }, Permission: "FULL_CONTROL" };
  const group = (URI: string, Permission: Grant["Permission"]): Grant => ({
    Grantee: { Type: "Group", URI },
    Permission,
  });
  switch (acl) {
    case "private":
    case "bucket-owner-read":
    case "bucket-owner-full-control":
      return [owner];
    case "public-read":
      return [owner, group(ALL_USERS, "READ")];
    case "public-read-write":
      return [owner, group(ALL_USERS, "READ"), group(ALL_USERS, "WRITE")];
    case "authenticated-read":
      return [owner, group(AUTHENTICATED_USERS, "READ")];
    case "log-delivery-write":
      return [owner, group(LOG_DELIVERY, "WRITE"), group(LOG_DELIVERY, "READ_ACP")];
    default:
      throw invalidArgument("", "x-amz-acl", acl);
  }
}

/** True when grants let in everybody, or everybody with an AWS account. */
export function isPublicAcl(grants: readonly Grant[]): boolean {
  return grants.some(({ Grantee }) => Grantee?.URI === ALL_USERS || Grantee?.URI === AUTHENTICATED_USERS);
}

/** True when the bucket's ACL lets S3's log delivery write, as it was done before bucket policies could. */
export function hasLogDeliveryGrant({ grants, ownership }: BucketRecord): boolean {
  return (
    ownership !== "BucketOwnerEnforced" &&
    grants.some(
      ({ Grantee, Permission }) =>
        Grantee?.URI === LOG_DELIVERY && (Permission === "WRITE" || Permission === "FULL_CONTROL"),
    )
  );
}

/**
 * Refuses an ACL on an object unless it says what holds anyway. Local AWS keeps no ACLs of objects.
 *
 * @throws AwsError `AccessControlListNotSupported` where ACLs are off (as on AWS), else `NotImplemented`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
export function refuseAcl(bucket: BucketRecord, input: AclInput): void {
  const acl = input.ACL ?? "bucket-owner-full-control";
  if (!hasGrantHeaders(input) && acl === "bucket-owner-full-control") {
    return;
  }
  if (bucket.ownership === "BucketOwnerEnforced") {
    throw aclNotSupported();
  }
  if (hasGrantHeaders(input) || acl !== "private") {
    throw notImplemented("ACLs of objects other than private and bucket-owner-full-control");
  }
}

/** ACLs are disabled for the bucket. */
export function aclNotSupported(): AwsError {
  return new AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs", { status: 400 });
}
