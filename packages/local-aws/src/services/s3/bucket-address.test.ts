import { expect, test } from "vitest";
import { bucketAddress } from "./bucket-address.ts";

test.each([
  ["127.0.0.1:4566", "/my-bucket/a/b%20c", "my-bucket", "/a/b%20c"],
  ["127.0.0.1:4566", "/my-bucket", "my-bucket", "/"],
  ["127.0.0.1:4566", "/my-bucket/", "my-bucket", "/"],
  ["127.0.0.1:4566", "/my-bucket//slash", "my-bucket", "//slash"],
  ["localhost:4566", "/my-bucket/k", "my-bucket", "/k"],
  ["s3.localhost:4566", "/my-bucket/k", "my-bucket", "/k"],
  ["s3.us-east-1.amazonaws.com", "/my-bucket/k", "my-bucket", "/k"],
  ["my-bucket.s3.localhost:4566", "/k", "my-bucket", "/k"],
  ["my.dotted.bucket.s3.localhost", "/", "my.dotted.bucket", "/"],
  ["my-bucket.s3.us-east-1.localhost:1", "/k", "my-bucket", "/k"],
  ["my-bucket.s3.amazonaws.com", "/k", "my-bucket", "/k"],
  ["my-bucket.s3.us-gov-west-1.amazonaws.com", "/k", "my-bucket", "/k"],
  ["my-bucket.s3.dualstack.eu-west-1.amazonaws.com", "/k", "my-bucket", "/k"],
  ["my-bucket.localhost:4566", "/k", "my-bucket", "/k"],
])("%s%s", (host, path, bucket, rest) => {
  expect(bucketAddress({ path, headers: { host } })).toEqual({ path: rest, presetInput: { Bucket: bucket } });
});

test("ListBuckets has no bucket", () => {
  expect(bucketAddress({ path: "/", headers: { host: "127.0.0.1:4566" } })).toEqual({ path: "/" });
});
