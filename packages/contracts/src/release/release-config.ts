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
  approvals: approvalConfigSchema.prefault({}),
  canary: canaryConfigSchema.prefault({}),
  checkpoints: checkpointConfigSchema.prefault({}),
  checklist: checklistConfigSchema.prefault({}),
  notifications: notificationConfigSchema.prefault({}),
  rollback: rollbackConfigSchema.prefault({}),
  drill: drillConfigSchema.prefault({}),
  /** Checks that need not pass, with who says so, why, and until when. */
  waivers: z.array(waiverSchema).default([]),
  /** How long the right to change the environment lasts without a sign of life of its holder. */
  leaseSeconds: z.int().min(10).max(900).default(60),
});
