import * as z from "zod";
import { infrastructureFindingSchema } from "./infrastructure-findings.ts";
import { planSummarySchema } from "./release/plan-summary.ts";
import { releaseReportSchema } from "./release/release-report.ts";

/**
 * What a drill reads of the JSON documents of the commands that it types. They have more than that: only what a drill judges by is here.
 */
export const drilledDocuments = {
  /** `slipway rollback ENV ...`. */
  rollback: releaseReportSchema,
  /** `slipway rollback ENV data --undo --plan`. */
  undoPreview: z.looseObject({ would: z.looseObject({ written: z.int().nonnegative() }) }),
  /** `slipway plan ENV`. */
  plan: z.looseObject({ changed: z.boolean(), resources: z.array(z.looseObject({ address: z.string() })) }),
  /** `slipway show ENV`, of a release whose plan waits for people. */
  waiting: z.looseObject({
    plans: z.array(z.looseObject({ summary: planSummarySchema })).min(1),
    settled: z.array(z.looseObject({ planDigest: z.string(), findings: z.array(infrastructureFindingSchema) })),
  }),
  /** `slipway approve ENV`. */
  approved: z.looseObject({
    isApproved: z.boolean(),
    ignored: z.array(z.looseObject({ by: z.looseObject({ name: z.string() }), why: z.string() })),
  }),
  /** `slipway show ENV RELEASE`. */
  shown: z.looseObject({ steps: z.array(z.looseObject({ kind: z.string().optional(), result: z.unknown() })) }),
  /** `slipway backup ENV create`. */
  backups: z.looseObject({ backups: z.array(z.looseObject({ table: z.string(), name: z.string() })).min(1) }),
  /** `slipway backup ENV verify`. */
  verifications: z.looseObject({
    verifications: z
      .array(
        z.looseObject({
          table: z.string(),
          verdict: z.enum(["pass", "fail", "unknown"]),
          items: z.int().nonnegative().nullable(),
        }),
      )
      .min(1),
  }),
  /** `slipway state backup ENV`. */
  stateBackup: z.looseObject({ name: z.string(), serial: z.int().nonnegative(), resources: z.int().nonnegative() }),
  /** `slipway state list ENV`. */
  states: z.looseObject({ backups: z.array(z.looseObject({ name: z.string() })) }),
  /** `slipway state restore ENV`. */
  stateRestore: z.looseObject({
    outcome: z.string(),
    serial: z.int().nonnegative(),
    plan: z.looseObject({ changed: z.boolean() }).nullish(),
    planProblem: z.string().optional(),
  }),
} as const;
