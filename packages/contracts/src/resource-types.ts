import * as z from "zod";

/**
 * The types of resources that a scan for orphans looks at, by the service that the guide's script is told:
 * `03-detect-orphaned-resources.sh ENV all|lambda|dynamodb|...`.
 */
export const resourceTypesByService = {
  lambda: ["lambda-function"],
  dynamodb: ["dynamodb-table", "dynamodb-backup"],
  s3: ["s3-bucket"],
  logs: ["log-group"],
  apigateway: ["rest-api", "api-key", "usage-plan"],
  iam: ["iam-role", "iam-policy", "oidc-provider"],
  kms: ["kms-key", "kms-alias"],
  sns: ["sns-topic"],
  sqs: ["sqs-queue"],
  scheduler: ["schedule", "schedule-group"],
  cloudwatch: ["metric-alarm", "composite-alarm", "dashboard", "query-definition"],
} as const;

export type ResourceService = keyof typeof resourceTypesByService;
export type ResourceType = (typeof resourceTypesByService)[ResourceService][number];

export const resourceServices = Object.keys(resourceTypesByService) as readonly ResourceService[];
export const resourceTypes = Object.values(resourceTypesByService).flat() as readonly ResourceType[];

export const resourceTypeSchema = z.enum(resourceTypes as [ResourceType, ...ResourceType[]]);
