import * as z from "zod";
import { strictObject } from "../strict-object.ts";

const minutes = z.int().positive();

/**
 * The key `incidents` of an environment in slipway.config.ts: when an incident opens, how soon people have to respond, and what is done
 * without them. The defaults are the guide's ("Incident Response").
 *
 * @example
 * incidents: { automatic: { rollback: false }, objective: { availabilityPercent: 99.5 } }
 */
export const incidentConfigSchema = strictObject({
  /** The minutes that are looked at, and that have to be good again before an incident can be resolved. */
  windowMinutes: minutes.max(60).default(5),
  /** With fewer requests in the window nothing is said about shares; what nobody gets through to is asked by probes. */
  minimumRequests: z.int().positive().default(20),
  /** Shares of answers with 5xx, in percent, from which on an incident has at least that severity. */
  errorPercent: strictObject({
    critical: z.number().positive().max(100).default(50),
    high: z.number().positive().max(100).default(5),
    medium: z.number().positive().max(100).default(1),
  }).prefault({}),
  /**
   * The share of answers slower than `validation.responseTime.limitMs`, in percent, from which on it is medium, and high. What is usual
   * (`validation.responseTime.slowPercent`) is none.
   */
  slowPercent: strictObject({
    high: z.number().positive().max(100).default(25),
    medium: z.number().positive().max(100).default(10),
  }).prefault({}),
  /** Minutes within which somebody has to have acknowledged it, by severity: `immediate` is told at once, and overdue after five. */
  respondWithinMinutes: strictObject({
    critical: minutes.default(5),
    high: minutes.default(15),
    medium: minutes.default(60),
    low: minutes.default(1_440),
  }).prefault({}),
  /** What is done without a person. */
  automatic: strictObject({
    /** Open incidents by rule. */
    open: z.boolean().default(true),
    /** Take the code of the live release back, where it is to blame beyond doubt and the way back is open. */
    rollback: z.boolean().default(true),
    /** Release the lock of a Terraform state, or a lease, whose holder is known to be dead. */
    unlock: z.boolean().default(true),
  }).prefault({}),
  /** The service level objective that post-mortems reckon the error budget by. */
  objective: strictObject({
    availabilityPercent: z.number().min(50).lt(100).default(99.9),
    days: z.int().positive().max(90).default(30),
  }).prefault({}),
});

export type IncidentConfig = z.output<typeof incidentConfigSchema>;
