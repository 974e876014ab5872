import * as z from "zod";
import { strictObject } from "../strict-object.ts";
import { severitySchema } from "./severity.ts";

/** What a signal speaks of. */
export const signalKinds = [
  /** An alarm of CloudWatch's is in ALARM. */
  "alarm",
  /** Answers with 5xx at a stage, or failed calls of a function. */
  "errors",
  /** Answers that take too long. */
  "latency",
  /** No requests where there always were some. */
  "traffic",
  /** Calls or requests that are refused: by the stage (429), by Lambda, by DynamoDB. */
  "throttling",
  /** Requests of our own that are not answered as they should be. */
  "probe",
  /** Errors in the logs that were not there before, or much less often. */
  "log-errors",
  /** Calls that Lambda broke off, or whose memory ran out or is running out. */
  "resources",
  /** Items that are not what they should be. */
  "data",
  /** Somebody may do what nobody should, or somebody's rights are gone. */
  "security",
  /** A backup that a schedule was to make was given up after its retries. */
  "backup",
  /** What should watch does not: alarms that are missing, disabled, or tell nobody. */
  "monitoring",
  /** A lock, a lease or a release that nobody goes on with. */
  "operations",
] as const;

export const signalKindSchema = z.enum(signalKinds);

/** What a signal is about, by its name on AWS. */
export const signalResourceSchema = strictObject({
  type: z
    .enum(["api", "function", "table", "queue", "alarm", "state", "lease", "environment"])
    .describe("Which kind of thing it is."),
  name: z.string().min(1).describe("`items-api-prod/prod` for a stage of an API; otherwise the name on AWS."),
});

/** Something that is not as it should be, as it was measured. */
export const incidentSignalSchema = strictObject({
  id: z
    .string()
    .min(1)
    .describe(
      "The same for the same thing at the same resource, whenever it is seen: `errors api items-api-prod/prod`.",
    ),
  kind: signalKindSchema.describe("What it speaks of."),
  resource: signalResourceSchema.describe("What it is about."),
  what: z.string().min(1).describe("One sentence with the measured number and the limit that it was held against."),
  since: z.iso.datetime().describe("ISO time at which it began, as far as the numbers tell."),
  value: z.number().optional().describe("The measured number; absent where it is none."),
  limit: z.number().optional().describe("The limit that the number was held against; absent where there is none."),
  unit: z
    .enum(["%", "ms", "count", "MB"])
    .optional()
    .describe("Unit of the number and its limit; absent where there is none."),
  version: z
    .string()
    .min(1)
    .optional()
    .describe("Version of the function whose calls are bad, where one is and the others are not."),
  fingerprint: z.string().min(1).optional().describe("Fingerprint of an error."),
  severity: severitySchema
    .optional()
    .describe("How bad it is by what its source says of itself, such as an alarm's description."),
  aside: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Why it opens no incident by itself: what else explains it, such as a canary that is being judged. It is told all the same.",
    ),
});

export type SignalKind = z.output<typeof signalKindSchema>;
export type SignalResource = z.output<typeof signalResourceSchema>;
export type IncidentSignal = z.output<typeof incidentSignalSchema>;
