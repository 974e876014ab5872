import type { WantedRole } from "../administration/ensure-role.ts";

export function policyDocument(...Statement: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

/** A trust policy by which a principal may assume a role. */
export function trustIn(principal: object): string {
  return policyDocument({ Effect: "Allow", Action: "sts:AssumeRole", Principal: principal });
}

/** A role that the account may assume, and that may list buckets, and nothing else. */
export function wantedRole(name: string): WantedRole {
  return {
    name,
    description: "made by a test",
    trustPolicy: trustIn({ AWS: "arn:aws:iam::000000000000:root" }),
    policyName: "work",
    policy: policyDocument({ Sid: "Read", Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" }),
  };
}
