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
  windowMinutes: minutes
    .max(60)
    .default(5)
    .describe("The minutes that are looked at, and that have to be good again before an incident can be resolved."),
  minimumRequests: z
    .int()
    .positive()
    .default(20)
    .describe(
      "With fewer requests in the window nothing is said about shares; what nobody gets through to is asked by probes.",
    ),
  errorPercent: strictObject({
    critical: z.number().positive().max(100).default(50).describe("Severity 1."),
    high: z.number().positive().max(100).default(5).describe("Severity 2."),
    medium: z.number().positive().max(100).default(1).describe("Severity 3."),
  })
    .prefault({})
    .describe("Shares of answers with 5xx, in percent, from which on an incident has at least that severity."),
  slowPercent: strictObject({
    high: z.number().positive().max(100).default(25).describe("Severity 2."),
    medium: z.number().positive().max(100).default(10).describe("Severity 3."),
  })
    .prefault({})
    .describe(
      "The share of answers slower than `validation.responseTime.limitMs`, in percent, from which on it is medium, and high. What is usual (`validation.responseTime.slowPercent`) is none.",
    ),
  earlierDays: strictObject({
    days: z.int().min(8).max(14).default(14).describe("So many days are compared with."),
    slower: z
      .boolean()
      .default(true)
      .describe(
        "Whether answers that take much longer than at this hour of earlier days are an incident of severity 3, though they keep the limit. Needs five days with `minimumRequests` in most five minutes, and twice as many now.",
      ),
    slowerTimes: z
      .number()
      .min(1.5)
      .max(20)
      .default(2)
      .describe(
        "What much longer is: one in ten takes more than so many times what nine tenths take on earlier days, for a quarter of an hour.",
      ),
    vanished: z
      .boolean()
      .default(true)
      .describe(
        "Whether it is an incident of severity 2 that no requests come where there always were `minimumRequests` in ten to twenty minutes around this hour, on every earlier day, the same one of a week before among them. Days with an incident at this hour are left out. Needs a `windowMinutes` of five at least.",
      ),
  })
    .prefault({})
    .describe(
      "What no limit tells, by the environment's own earlier days. Where these are no sound ground, nothing is said.",
    ),
  respondWithinMinutes: strictObject({
    critical: minutes.default(5).describe("Severity 1."),
    high: minutes.default(15).describe("Severity 2."),
    medium: minutes.default(60).describe("Severity 3."),
    low: minutes.default(1_440).describe("Severity 4."),
  })
    .prefault({})
    .describe(
      "Minutes within which somebody has to have acknowledged it, by severity: `immediate` is told at once, and overdue after five.",
    ),
  automatic: strictObject({
    open: z.boolean().default(true).describe("Open incidents by rule."),
    rollback: z
      .boolean()
      .default(true)
      .describe("Take the code of the live release back, where it is to blame beyond doubt and the way back is open."),
    unlock: z
      .boolean()
      .default(true)
      .describe("Release the lock of a Terraform state, or a lease, whose holder is known to be dead."),
  })
    .prefault({})
    .describe("What is done without a person."),
  objective: strictObject({
    availabilityPercent: z
      .number()
      .min(50)
      .lt(100)
      .default(99.9)
      .describe("The share of requests that do not fail, in percent."),
    days: z.int().positive().max(90).default(30).describe("Over how many days."),
  })
    .prefault({})
    .describe("The service level objective that post-mortems reckon the error budget by."),
});

export type IncidentConfig = z.output<typeof incidentConfigSchema>;
