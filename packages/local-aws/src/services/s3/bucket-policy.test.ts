import { describe, expect, test } from "vitest";
import { isPublicPolicy, type PolicyStatement, parseBucketPolicy } from "./bucket-policy.ts";

const ALLOW_ALL = {
  Effect: "Allow",
  Principal: "*",
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::b/*",
} as const;

const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

describe("parseBucketPolicy", () => {
  test("takes one statement or many", () => {
    expect(parseBucketPolicy(document(ALLOW_ALL), "b")).toHaveLength(1);
    expect(parseBucketPolicy(JSON.stringify({ Statement: ALLOW_ALL }), "b")).toHaveLength(1);
  });

  test.each([
    ["no JSON", "hello", /valid JSON/],
    ["a list", "[]", /valid JSON/],
    ["no statement", "{}", /Statement/],
    ["no principal", document({ ...ALLOW_ALL, Principal: undefined }), /Principal/],
    ["another bucket", document({ ...ALLOW_ALL, Resource: "arn:aws:s3:::other/*" }), /invalid resource/],
    ["another service", document({ ...ALLOW_ALL, Action: "dynamodb:GetItem" }), /invalid action/],
    ["a nobody", document({ ...ALLOW_ALL, Principal: { AWS: "bob" } }), /Invalid principal/],
    ["both actions", document({ ...ALLOW_ALL, NotAction: "s3:*" }), /exclude each other/],
  ])("refuses %s", (_name, policy, message) => {
    expect(() => parseBucketPolicy(policy, "b")).toThrow(
      expect.objectContaining({ code: "MalformedPolicy", message: expect.stringMatching(message) }),
    );
  });
});

describe("isPublicPolicy", () => {
  const isPublic = (changes: Partial<Record<keyof PolicyStatement, unknown>>) =>
    isPublicPolicy([{ ...ALLOW_ALL, ...changes } as PolicyStatement]);

  test.each([
    [{}, true],
    [{ Principal: { AWS: "*" } }, true],
    [{ Principal: undefined, NotPrincipal: { AWS: "111111111111" } }, true],
    [{ Effect: "Deny" }, false],
    [{ Principal: { AWS: "arn:aws:iam::111111111111:root" } }, false],
    [{ Principal: { Service: "cloudfront.amazonaws.com" } }, false],
    [{ Condition: { StringEquals: { "aws:SourceVpce": "vpce-1" } } }, false],
    [{ Condition: { StringLike: { "aws:SourceVpce": "vpce-*" } } }, true],
    [{ Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1" } } }, true],
    [{ Condition: { StringEquals: { "aws:Referer": "me" } } }, true],
    [{ Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } }, false],
    [{ Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } } }, true],
    [{ Condition: { ArnLike: { "aws:SourceArn": "arn:aws:sns:us-east-1:111111111111:*" } } }, false],
    [{ Condition: { ArnLike: { "aws:SourceArn": "arn:aws:sns:us-east-1:*:topic" } } }, true],
  ])("%j: %s", (changes, expected) => {
    expect(isPublic(changes)).toBe(expected);
  });
});
