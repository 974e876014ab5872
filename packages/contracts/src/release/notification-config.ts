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
  /** The Terraform output with the ARN of an SNS topic. */
  topicOutput: z.string().min(1).optional(),
  topicMoments: momentsSchema,
  webhooks: z
    .array(
      strictObject({
        name: z.string().min(1),
        /** The environment variable with its URL, which is a secret. */
        urlVariable: z.string().regex(/^[A-Z][A-Z0-9_]*$/, { error: "expected the name of an environment variable" }),
        /** All of them, unless given. */
        moments: momentsSchema,
      }),
    )
    .default([]),
});

export type NotificationConfig = z.output<typeof notificationConfigSchema>;
export type Moment = z.output<typeof momentSchema>;
