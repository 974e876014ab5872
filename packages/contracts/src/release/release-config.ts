import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { approvalConfigSchema } from "./approval-config.ts";
import { canaryConfigSchema } from "./canary-config.ts";
import { checklistConfigSchema } from "./checklist-config.ts";
import { checkpointConfigSchema } from "./checkpoint-config.ts";
import { drillConfigSchema } from "./drill-config.ts";
import { notificationConfigSchema } from "./notification-config.ts";
import { rollbackConfigSchema } from "./rollback-config.ts";
import { waiverSchema } from "./waiver.ts";

/**
 * The key `release` of an environment in slipway.config.ts: how it is released. Everything has a default.
 *
 * @example
 * release: {
 *   approvals: { infrastructure: 2 },
 *   canary: { steps: [{ percent: 10, holdSeconds: 600 }] },
 *   notifications: { webhooks: [{ name: "on-call", urlVariable: "ON_CALL_WEBHOOK_URL" }] },
 * }
 */
export const releaseConfigSchema = strictObject({
  approvals: approvalConfigSchema.prefault({}).describe("Who has to say yes to a plan."),
  canary: canaryConfigSchema
    .prefault({})
    .describe("How the traffic goes over to a new version, and what it is judged by meanwhile."),
  checkpoints: checkpointConfigSchema
    .prefault({})
    .describe("What happens when what was released is judged again after five minutes, an hour, a day."),
  checklist: checklistConfigSchema.prefault({}).describe("What has to hold before a release."),
  notifications: notificationConfigSchema.prefault({}).describe("Who is told of what."),
  rollback: rollbackConfigSchema.prefault({}).describe("What a rollback counts on."),
  drill: drillConfigSchema.prefault({}).describe("How `slipway drill` rehearses the ways back."),
  waivers: z
    .array(waiverSchema)
    .default([])
    .describe("Checks that need not pass, with who says so, why, and until when."),
  leaseSeconds: z
    .int()
    .min(10)
    .max(900)
    .default(60)
    .describe("How long the right to change the environment lasts without a sign of life of its holder."),
});
