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
  least: z.number().nonnegative().default(0).describe("Less is suspicious, too: something is not there, or not used."),
  most: z.number().positive().describe("More is a surprise."),
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
  errorRate: strictObject({
    mostPercent: percent.default(1).describe("The highest share that is still good, in percent."),
  })
    .prefault({})
    .describe("Of requests that the API answers with 5xx, and of calls of a function that fail."),
  responseTime: strictObject({
    limitMs: z.int().positive().max(60_000).default(1_000).describe("Slower is slow, in milliseconds."),
    slowPercent: percent.default(5).describe("How many answers may be slow, in percent."),
    unnoticedMs: z
      .int()
      .positive()
      .max(60_000)
      .default(100)
      .describe("What nobody waits for, and so is no loss of stability: a step from 5 to 20 ms is none."),
  })
    .prefault({})
    .describe(
      "At most `slowPercent` of the answers may take longer than `limitMs`: with 5, the 95th percentile is below the limit.",
    ),
  minimumRequests: z
    .int()
    .positive()
    .default(100)
    .describe("With fewer requests than this nothing is said about rates."),
  logs: strictObject({
    withinSeconds: z
      .number()
      .positive()
      .max(600)
      .default(60)
      .describe("How soon a request that the validation sends has to be found in the logs."),
    errorFilter: z
      .string()
      .min(1)
      .default('?ERROR ?"Task timed out" ?"Runtime exited"')
      .describe("The filter pattern of CloudWatch Logs that finds lines about errors in the functions' logs."),
  })
    .prefault({})
    .describe("The logs of the functions and of the API."),
  cors: strictObject({
    path: path.describe("What is asked for.").meta({ examples: ["/items"] }),
    origin: z
      .string()
      .min(1)
      .describe("The origin that the request says it comes from.")
      .meta({ examples: ["https://app.example.com"] }),
    allowOrigin: z
      .string()
      .min(1)
      .optional()
      .describe("The origin itself, unless given: `*` for an API that everybody's scripts may call.")
      .meta({ examples: ["*"] }),
    method: z
      .enum(["OPTIONS", "GET"], { error: "expected OPTIONS or GET" })
      .default("OPTIONS")
      .describe("OPTIONS asks as a preflight for GET, GET as the request itself."),
  })
    .optional()
    .describe(
      "A request as a browser sends it from another origin, and the `Access-Control-Allow-Origin` that must come back. Without it, the steps of the smoke scenario count that expect `Access-Control-*` headers.",
    ),
  metricNamespaces: z
    .array(
      z
        .string()
        .min(1)
        .refine((name) => !name.startsWith("AWS/"), {
          error: "expected a namespace of your own: those of AWS are looked at anyway",
        }),
    )
    .default([])
    .describe("Namespaces of the application's own metrics, which must have data where there was traffic."),
  alarmsWithoutData: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "Alarms (names, with `*` for any text) that have no data while all is well, such as one about a queue that nothing is ever put into: on AWS, where alarms are not exercised, nothing is known about others without data.",
    ),
  alarmsNotAboutReleases: z
    .array(
      z.string().refine((name) => /[^*]/.test(name), {
        error: "expected the name of an alarm, with `*` for a part of it: `*` alone would excuse all of them",
      }),
    )
    .default([])
    .describe(
      "Alarms (names, with `*` for any text) that ring for what no release is to blame for, such as a scheduled backup that was not made: while one is in ALARM, no check fails for that, no release is suspected, and none is proposed to be put back. That each of them exists, has its actions on and tells somebody is checked as for all others.",
    ),
  monthlyCostUsd: costRangeSchema
    .optional()
    .describe("Unknown where it is not given: what is expected is for people to say."),
});

export type ValidationConfig = z.output<typeof validationConfigSchema>;
