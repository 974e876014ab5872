import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetPublicAccessBlockCommand,
  PutBucketAclCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type S3TestEndpoint, s3TestEndpoint } from "./s3-test-endpoint.ts";

const Bucket = "guarded";
const PUBLIC = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${Bucket}/*` }],
});
let endpoint: S3TestEndpoint;

beforeAll(async () => {
  endpoint = await s3TestEndpoint();
  await endpoint.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => endpoint.close());

test("a new bucket blocks public policies until that is lifted", async () => {
  const { s3 } = endpoint;
  const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
  expect(PublicAccessBlockConfiguration).toEqual({
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  });
  await expect(s3.send(new PutBucketPolicyCommand({ Bucket, Policy: PUBLIC }))).rejects.toMatchObject({
    name: "AccessDenied",
  });
  await expect(s3.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({ name: "NoSuchBucketPolicy" });

  await s3.send(
    new PutPublicAccessBlockCommand({
      Bucket,
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: false },
    }),
  );
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: PUBLIC }));
  expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(PUBLIC);
  expect((await s3.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus?.IsPublic).toBe(true);

  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  await expect(s3.send(new GetPublicAccessBlockCommand({ Bucket }))).rejects.toMatchObject({
    name: "NoSuchPublicAccessBlockConfiguration",
  });
});

test("ACLs are off until ownership says otherwise", async () => {
  const { s3 } = endpoint;
  await s3.send(new CreateBucketCommand({ Bucket: "acls" }));
  await expect(s3.send(new PutBucketAclCommand({ Bucket: "acls", ACL: "private" }))).rejects.toMatchObject({
    name: "AccessControlListNotSupported",
  });
  await s3.send(
    new PutBucketOwnershipControlsCommand({
      Bucket: "acls",
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerPreferred" }] },
    }),
  );
  await s3.send(new PutBucketAclCommand({ Bucket: "acls", ACL: "private" }));
  await expect(s3.send(new PutBucketAclCommand({ Bucket: "acls", ACL: "public-read" }))).rejects.toMatchObject({
    name: "AccessDenied",
  });
});
