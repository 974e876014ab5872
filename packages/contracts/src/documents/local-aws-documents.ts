import * as z from "zod";
import { jsonSchema } from "../json.ts";
import { strictObject } from "../strict-object.ts";
import { count, documentVersion, isoTime } from "./document-parts.ts";

const version = documentVersion;
const port = z.int().positive().describe("on loopback");
const dataDir = z.string().describe("folder that its state lies in");

const health = {
  name: z.literal("local-aws"),
  localAwsVersion: z.string().describe("of the program"),
  pid: z.int().positive().describe("id of its process"),
  endpoint: z.url().describe("URL that it answers at, on loopback"),
  region: z.string().describe("the AWS Region that it plays"),
  accountId: z.string().describe("id of the AWS account that it plays"),
  dataDir,
  startedAt: isoTime.describe("on the wall clock"),
  clock: isoTime.describe("the time that its services see"),
  clockOffsetMs: z.number().describe("by how much that is ahead of the wall clock"),
  iam: z.enum(["enforced", "off"]).describe("whether policies bind everybody but root"),
};

/** What `slipway local start --output json` prints. */
export const localAwsHealthSchema = strictObject({ version, ...health });

/** What `slipway local status --output json` prints. */
export const localAwsStatusSchema = z.discriminatedUnion("running", [
  strictObject({ version, running: z.literal(false), port }),
  strictObject({
    version,
    running: z.literal(true),
    ...health,
    holds: z.record(z.string(), z.array(z.string())).describe("resources by service, each with its type"),
  }),
]);

/** What `slipway local stop --output json` prints. */
export const localAwsStopSchema = strictObject({
  version,
  stopped: z.boolean().describe("false: none ran"),
  port,
  dataDir: dataDir.optional(),
});

/** What `slipway local reset --output json` prints. */
export const localAwsResetSchema = strictObject({
  version,
  reset: z.literal(true),
  port,
  running: z.boolean().describe("whether it runs, empty"),
  dataDir,
});

const snapshot = strictObject({
  name: z.string().describe("its name"),
  createdAt: isoTime.describe("when it was saved, on the wall clock"),
});

/** What `slipway local snapshot list --output json` prints. */
export const snapshotListSchema = strictObject({
  version,
  snapshots: z.array(snapshot).describe("those that are there, by their names"),
});

/** What `slipway local snapshot save|restore|delete NAME --output json` prints. */
export const snapshotChangeSchema = strictObject({
  version,
  action: z.enum(["save", "restore", "delete"]).describe("what was done"),
  name: z.string().describe("name of the snapshot"),
  createdAt: isoTime
    .optional()
    .describe("when it was saved, on the wall clock; absent where it was restored or deleted"),
});

/** What `slipway local coverage --output json` prints: of all services, or of the one that was named. */
export const localAwsCoverageSchema = strictObject({
  version,
  services: z
    .array(
      strictObject({
        service: z.string().describe("id of the service: `dynamodb`"),
        implemented: z.array(z.string()).describe("operations that are there"),
        missing: z.array(z.string()).describe("operations that are refused at once, by name"),
      }),
    )
    .describe("by their ids"),
});

/** What `slipway local faults --output json` prints: what is planted afterwards, whatever the action was. */
export const plantedFaultsSchema = strictObject({
  version,
  faults: z
    .array(
      strictObject({
        id: z.string().describe("what it is removed by"),
        kind: z
          .enum(["throttle", "error", "unavailable", "delay", "drop", "lost-answer"])
          .describe(
            "what it does to a request: `throttle`, `error` and `unavailable` refuse it; `delay`: it is acted upon after a wait; `drop`: the connection is cut; `lost-answer`: it is acted upon, and the connection is cut before the answer",
          ),
        service: z.string().describe("id of the service, `execute-api` for deployed APIs, with * as a wildcard"),
        operation: z.string().describe("the operation, with * as a wildcard; with ! before it, every other one"),
        resource: z
          .string()
          .optional()
          .describe("name or ARN in the request, with * as a wildcard; absent where it is about any"),
        rate: z.number().min(0).max(1).describe("share of the matching requests that are hit, 0 to 1"),
        remaining: count.optional().describe("hits until it is spent; without it, it stays"),
        delayMs: z
          .number()
          .nonnegative()
          .optional()
          .describe("of a delay: the wait, in milliseconds; absent for the other kinds"),
        perSecond: z
          .number()
          .positive()
          .optional()
          .describe("of a throttle: how many matching requests in a second are let through; absent where none is"),
        hits: count.describe("how many requests it has hit so far"),
      }),
    )
    .describe("those that are there and not spent"),
});

/** What `slipway local clock --output json` prints. */
export const localAwsClockSchema = strictObject({ version, clock: health.clock, clockOffsetMs: health.clockOffsetMs });

/** What `slipway local traffic ENV --output json` prints. */
export const trafficReportSchema = strictObject({
  version,
  environment: z.string().describe("as in slipway.config.ts"),
  target: z.string().describe("local AWS, at its address"),
  from: isoTime.describe("when it began, on the clock of local AWS"),
  to: isoTime.describe("when it ended, on that clock"),
  runs: count.describe("runs of the smoke scenario"),
  requests: count.describe("requests that were sent, those that were sent again included"),
  failures: count.describe("steps that were not answered as the scenario expects"),
  firstFailure: z.string().optional().describe("the first of these, and what was wrong with it; absent without any"),
});

/** What `slipway local alarm-drill --output json` prints. */
export const alarmDrillsSchema = strictObject({
  version,
  drills: z
    .array(
      strictObject({
        alarm: z.string().describe("name of the alarm"),
        goesOff: z.boolean().describe("whether it does for data that should make it, and not for data that should not"),
        recovers: z.boolean().describe("whether it is OK for data that are good"),
        actions: z
          .array(
            strictObject({
              action: z.string().describe("its ARN"),
              succeeded: z.boolean().describe("whether it was carried out"),
              detail: z.string().optional().describe("why it was not; absent where it was"),
            }),
          )
          .describe("whether each was carried out when it went off; empty for an alarm that has none"),
        found: z.string().describe("what was done and seen, in a line"),
      }),
    )
    .describe("one for each alarm, or for the one that was named"),
});

/** What `slipway local requests --output json` prints. */
export const localAwsRequestsSchema = strictObject({
  version,
  requests: z
    .array(
      strictObject({
        time: isoTime.describe("on the wall clock"),
        requestId: z.string().describe("id of the request, as its answer has it"),
        service: z.string().describe("id of the service, `execute-api` for a deployed API; ? where it is none"),
        operation: z
          .string()
          .describe("the operation; of a deployed API, and where it is none, the method and the path of the request"),
        status: z.int().nonnegative().describe("status of HTTP; 0 where the connection was cut"),
        error: z
          .string()
          .optional()
          .describe("AWS's code of the error; absent where it succeeded, and of a deployed API"),
        message: z.string().optional().describe("AWS's message of the error; absent likewise"),
        durationMs: z.number().nonnegative().describe("how long it took, in milliseconds"),
        principal: z
          .string()
          .optional()
          .describe("ARN of the caller, or `anonymous`; absent where its signature was refused, and of a deployed API"),
        fault: z.string().optional().describe("kind of the planted fault that hit it; absent where none did"),
      }),
    )
    .describe("as many as were asked for, oldest first"),
});

/** What `slipway local token --output json` prints. */
export const mintedTokenSchema = strictObject({
  version,
  token: z.string().describe("a JSON Web Token"),
  claims: z.record(z.string(), jsonSchema).describe("what is in it, as GitHub names it"),
});

const statement = strictObject({
  policy: z.string().describe("name or ARN of the policy, or what it is attached to"),
  statement: z.union([z.string(), z.int()]).describe("its Sid, or its place from 0 where it has none"),
});

/** What `slipway local access --output json` prints. */
export const usedAccessSchema = strictObject({
  version,
  used: z
    .array(
      strictObject({
        principal: z.string().describe("ARN of the role or user, or the service's name"),
        need: strictObject({
          action: z.string().describe("the permission: `s3:GetObject`"),
          resource: z.string().describe("ARN of what it is about; * for an action that knows no single resources"),
          conditions: z
            .record(z.string(), z.union([z.string(), z.array(z.string())]))
            .optional()
            .describe("values of condition keys beside the global ones, by the keys; absent where there are none"),
          resourcePolicy: strictObject({
            name: z.string().describe("what it is called: `bucket policy of NAME`"),
            document: z.string().describe("its text, as JSON"),
            mode: z
              .enum(["sufficient", "required"])
              .describe("`sufficient`: it may allow on its own; `required`: without its consent nothing else allows"),
          })
            .optional()
            .describe("the policy that is attached to the resource; absent where there is none"),
        }).describe("what was asked for, the first time"),
        decision: z
          .discriminatedUnion("allowed", [
            strictObject({ allowed: z.literal(true), by: z.array(statement).describe("the statements that allow it") }),
            strictObject({
              allowed: z.literal(false),
              denial: z
                .enum(["explicit", "implicit"])
                .describe("`explicit`: a statement denies it; `implicit`: none allows it"),
              kind: z.string().describe("kind of the policies that deny it, or do not allow it"),
              by: z.array(statement).describe("the statements that deny it; empty where none allows it"),
            }),
          ])
          .describe("whether it was allowed, and by what"),
        count: z.int().positive().describe("how often it was asked for since local AWS was started"),
      }),
    )
    .describe("one for each principal, action, resource and decision, in the order in which they came first"),
});
