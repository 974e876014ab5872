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
  /** What should watch does not: alarms that are missing, disabled, or tell nobody. */
  "monitoring",
  /** A lock, a lease or a release that nobody goes on with. */
  "operations",
] as const;

export const signalKindSchema = z.enum(signalKinds);

/** What a signal is about, by its name on AWS. */
export const signalResourceSchema = strictObject({
  type: z.enum(["api", "function", "table", "queue", "alarm", "state", "lease", "environment"]),
  /** `items-api-prod/prod` for a stage of an API; otherwise the name on AWS. */
  name: z.string().min(1),
});

/** Something that is not as it should be, as it was measured. */
export const incidentSignalSchema = strictObject({
  /** The same for the same thing at the same resource, whenever it is seen: `errors api items-api-prod/prod`. */
  id: z.string().min(1),
  kind: signalKindSchema,
  resource: signalResourceSchema,
  /** One sentence with the measured number and the limit that it was held against. */
  what: z.string().min(1),
  /** ISO time at which it began, as far as the numbers tell. */
  since: z.iso.datetime(),
  /** The number and its limit, where it is one. */
  value: z.number().optional(),
  limit: z.number().optional(),
  unit: z.enum(["%", "ms", "count", "MB"]).optional(),
  /** Version of the function whose calls are bad, where one is and the others are not. */
  version: z.string().min(1).optional(),
  /** Fingerprint of an error. */
  fingerprint: z.string().min(1).optional(),
  /** How bad it is by what its source says of itself, such as an alarm's description. */
  severity: severitySchema.optional(),
  /** Why it opens no incident by itself: what else explains it, such as a canary that is being judged. It is told all the same. */
  aside: z.string().min(1).optional(),
});

export type SignalKind = z.output<typeof signalKindSchema>;
export type SignalResource = z.output<typeof signalResourceSchema>;
export type IncidentSignal = z.output<typeof incidentSignalSchema>;
