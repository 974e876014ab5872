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
  pid: z.int().positive(),
  endpoint: z.url(),
  region: z.string(),
  accountId: z.string(),
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

const snapshot = strictObject({ name: z.string(), createdAt: isoTime });

/** What `slipway local snapshot list --output json` prints. */
export const snapshotListSchema = strictObject({ version, snapshots: z.array(snapshot) });

/** What `slipway local snapshot save|restore|delete NAME --output json` prints. */
export const snapshotChangeSchema = strictObject({
  version,
  action: z.enum(["save", "restore", "delete"]),
  name: z.string(),
  createdAt: isoTime.optional().describe("of one that was saved"),
});

/** What `slipway local coverage --output json` prints: of all services, or of the one that was named. */
export const localAwsCoverageSchema = strictObject({
  version,
  services: z.array(
    strictObject({
      service: z.string(),
      implemented: z.array(z.string()).describe("operations that are there"),
      missing: z.array(z.string()).describe("operations that are refused at once, by name"),
    }),
  ),
});

/** What `slipway local faults --output json` prints: what is planted afterwards, whatever the action was. */
export const plantedFaultsSchema = strictObject({
  version,
  faults: z.array(
    strictObject({
      id: z.string(),
      kind: z.enum(["throttle", "error", "unavailable", "delay", "drop", "lost-answer"]),
      service: z.string(),
      operation: z.string().describe("with * as a wildcard; with ! before it, every other one"),
      resource: z.string().optional(),
      rate: z.number().min(0).max(1).describe("share of the matching requests that are hit"),
      remaining: count.optional().describe("hits until it is spent; without it, it stays"),
      delayMs: z.number().nonnegative().optional(),
      perSecond: z.number().positive().optional().describe("of a throttle: matching requests that are let through"),
      hits: count.describe("so far"),
    }),
  ),
});

/** What `slipway local clock --output json` prints. */
export const localAwsClockSchema = strictObject({ version, clock: health.clock, clockOffsetMs: health.clockOffsetMs });

/** What `slipway local traffic ENV --output json` prints. */
export const trafficReportSchema = strictObject({
  version,
  environment: z.string().describe("as in slipway.config.ts"),
  target: z.string(),
  from: isoTime.describe("on the clock of local AWS"),
  to: isoTime,
  runs: count.describe("of the smoke scenario"),
  requests: count,
  failures: count.describe("steps that were not answered as the scenario expects"),
  firstFailure: z.string().optional(),
});

/** What `slipway local alarm-drill --output json` prints. */
export const alarmDrillsSchema = strictObject({
  version,
  drills: z.array(
    strictObject({
      alarm: z.string(),
      goesOff: z.boolean().describe("for data that should make it, and not for data that should not"),
      recovers: z.boolean(),
      actions: z
        .array(strictObject({ action: z.string(), succeeded: z.boolean(), detail: z.string().optional() }))
        .describe("whether each was carried out when it went off"),
      found: z.string(),
    }),
  ),
});

/** What `slipway local requests --output json` prints. */
export const localAwsRequestsSchema = strictObject({
  version,
  requests: z
    .array(
      strictObject({
        time: isoTime.describe("on the wall clock"),
        requestId: z.string(),
        service: z.string(),
        operation: z.string(),
        status: z.int().nonnegative().describe("of HTTP; 0 where the connection was cut"),
        error: z.string().optional().describe("AWS's code"),
        message: z.string().optional(),
        durationMs: z.number().nonnegative(),
        principal: z.string().optional().describe("ARN of the caller"),
        fault: z.string().optional().describe("kind of the planted fault that hit it"),
      }),
    )
    .describe("oldest first"),
});

/** What `slipway local token --output json` prints. */
export const mintedTokenSchema = strictObject({
  version,
  token: z.string().describe("a JSON Web Token"),
  claims: z.record(z.string(), jsonSchema).describe("what is in it, as GitHub names it"),
});

const statement = strictObject({
  policy: z.string(),
  statement: z.union([z.string(), z.int()]).describe("its Sid, or its place"),
});

/** What `slipway local access --output json` prints. */
export const usedAccessSchema = strictObject({
  version,
  used: z.array(
    strictObject({
      principal: z.string().describe("ARN of the role or user, or the service's name"),
      need: strictObject({
        action: z.string(),
        resource: z.string(),
        conditions: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
        resourcePolicy: strictObject({
          name: z.string(),
          document: z.string(),
          mode: z.enum(["sufficient", "required"]),
        }).optional(),
      }).describe("the first of its kind"),
      decision: z.discriminatedUnion("allowed", [
        strictObject({ allowed: z.literal(true), by: z.array(statement).describe("the statements that allow it") }),
        strictObject({
          allowed: z.literal(false),
          denial: z.enum(["explicit", "implicit"]),
          kind: z.string().describe("of the policies that do not allow it"),
          by: z.array(statement).describe("the statements that deny it"),
        }),
      ]),
      count: z.int().positive(),
    }),
  ),
});
