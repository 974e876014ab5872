import * as z from "zod";
import { strictObject } from "../strict-object.ts";

/** When people are told. */
export const moments = [
  "approval-needed",
  "release-started",
  "release-succeeded",
  "release-paused",
  "release-failed",
  "release-put-back",
  "checkpoint-passed",
  "checkpoint-failed",
  "checkpoint-unknown",
  "lease-broken",
  "incident-opened",
  "incident-worse",
  "incident-overdue",
  "incident-update",
  "incident-mitigated",
  "incident-resolved",
] as const;

export const momentSchema = z.enum(moments);

const momentsSchema = z.array(momentSchema).min(1).optional();

export const notificationConfigSchema = strictObject({
  topicOutput: z.string().min(1).optional().describe("The Terraform output with the ARN of an SNS topic."),
  topicMoments: momentsSchema
    .describe("What it is told: all moments, unless given.")
    .meta({ examples: [["release-put-back", "incident-opened"]] }),
  webhooks: z
    .array(
      strictObject({
        name: z
          .string()
          .min(1)
          .describe("What messages call it.")
          .meta({ examples: ["on-call"] }),
        urlVariable: z
          .string()
          .regex(/^[A-Z][A-Z0-9_]*$/, { error: "expected the name of an environment variable" })
          .describe("The environment variable with its URL, which is a secret.")
          .meta({ examples: ["ON_CALL_WEBHOOK_URL"] }),
        moments: momentsSchema.describe("All of them, unless given.").meta({ examples: [["approval-needed"]] }),
      }),
    )
    .default([])
    .describe("Who is told over HTTPS; the message is JSON as Slack takes it."),
});

export type NotificationConfig = z.output<typeof notificationConfigSchema>;
export type Moment = z.output<typeof momentSchema>;
