import * as z from "zod";
import { strictObject } from "./strict-object.ts";

const percent = z
  .number()
  .positive({ error: "expected a share in percent, above 0 and at most 100" })
  .max(100, { error: "expected a share in percent, above 0 and at most 100" });

const path = z
  .string()
  .startsWith("/", { error: "expected a path that begins with / and is appended to the API's URL" });

/** A month's cost that nobody is surprised by. */
const costRangeSchema = strictObject({
  /** Less is suspicious, too: something is not there, or not used. */
  least: z.number().nonnegative().default(0),
  most: z.number().positive(),
}).refine(({ least, most }) => least <= most, { path: ["least"], error: "expected no more than most" });

/**
 * The key `validation` of an environment in slipway.config.ts: the limits that `slipway validate ENV --window` holds a deployment
 * against. The defaults are the guide's ("Post-Deployment Validation").
 *
 * @example
 * validation: {
 *   responseTime: { limitMs: 500 },
 *   metricNamespaces: ["Orders"],
 *   monthlyCostUsd: { most: 80 },
 * }
 */
export const validationConfigSchema = strictObject({
  /** Of requests that the API answers with 5xx, and of calls of a function that fail. */
  errorRate: strictObject({ mostPercent: percent.default(1) }).prefault({}),
  /** At most `slowPercent` of the answers may take longer than `limitMs`: with 5, the 95th percentile is below the limit. */
  responseTime: strictObject({
    limitMs: z.int().positive().max(60_000).default(1_000),
    slowPercent: percent.default(5),
    /** What nobody waits for, and so is no loss of stability: a step from 5 to 20 ms is none. */
    unnoticedMs: z.int().positive().max(60_000).default(100),
  }).prefault({}),
  /** With fewer requests than this nothing is said about rates. */
  minimumRequests: z.int().positive().default(100),
  logs: strictObject({
    /** How soon a request that the validation sends has to be found in the logs. */
    withinSeconds: z.number().positive().max(600).default(60),
    /** The filter pattern of CloudWatch Logs that finds lines about errors in the functions' logs. */
    errorFilter: z.string().min(1).default('?ERROR ?"Task timed out" ?"Runtime exited"'),
  }).prefault({}),
  /**
   * A request as a browser sends it from another origin, and the `Access-Control-Allow-Origin` that must come back. Without it, the
   * steps of the smoke scenario count that expect `Access-Control-*` headers.
   */
  cors: strictObject({
    path,
    origin: z.string().min(1),
    /** The origin itself, unless given: `*` for an API that everybody's scripts may call. */
    allowOrigin: z.string().min(1).optional(),
    /** OPTIONS asks as a preflight for GET, GET as the request itself. */
    method: z.enum(["OPTIONS", "GET"], { error: "expected OPTIONS or GET" }).default("OPTIONS"),
  }).optional(),
  /** Namespaces of the application's own metrics, which must have data where there was traffic. */
  metricNamespaces: z
    .array(
      z
        .string()
        .min(1)
        .refine((name) => !name.startsWith("AWS/"), {
          error: "expected a namespace of your own: those of AWS are looked at anyway",
        }),
    )
    .default([]),
  /**
   * Alarms (names, with `*` for any text) that have no data while all is well, such as one about a queue that nothing is ever put into: on
   * AWS, where alarms are not exercised, nothing is known about others without data.
   */
  alarmsWithoutData: z.array(z.string().min(1)).default([]),
  /** Unknown where it is not given: what is expected is for people to say. */
  monthlyCostUsd: costRangeSchema.optional(),
});

export type ValidationConfig = z.output<typeof validationConfigSchema>;
