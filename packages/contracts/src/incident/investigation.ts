import * as z from "zod";
import { jsonSchema } from "../json.ts";
import { releaseIdSchema } from "../release/release-ids.ts";
import { strictObject } from "../strict-object.ts";
import { listedCommitSchema } from "./listed-commit.ts";
import { proposalSchema } from "./proposal.ts";

const time = z.iso.datetime();
const count = z.number().nonnegative();

/** A change that may be the cause. */
export const suspectSchema = strictObject({
  release: releaseIdSchema.describe("The suspected release."),
  likelihood: z.number().min(0).max(1).describe("From 0 to 1: how likely it is the cause, given what was seen."),
  part: z.enum(["code", "infrastructure", "data"]).describe("Which part of it: that a rollback of it is proposed."),
  changedAt: time.describe("ISO time at which the change took effect."),
  reasons: z.array(z.string().min(1)).min(1).describe("For and against, each with numbers, the weightiest first."),
});

/** Where something was looked up, and whether it answered. */
export const sourceAnswerSchema = strictObject({
  source: z.string().min(1).describe("Where it was looked."),
  state: z
    .enum(["answered", "in-part", "unknown", "down", "too-late"])
    .describe(
      "`in-part`: not everything could be asked for; `unknown`: it was not asked, because nobody knows what for; `down`: it gave an error; `too-late`: it did not answer in time.",
    ),
  why: z.string().min(1).optional().describe("Why it did not answer, or what its answer leaves out; absent otherwise."),
  durationMs: count.describe("How long it took, in milliseconds."),
});

/** One kind of error in the window. */
export const investigatedErrorSchema = strictObject({
  fingerprint: z.string().min(1).describe("What all of its lines have in common."),
  count: count.describe("How many there are in the window."),
  before: count.describe("How many there were before the incident began."),
  firstAt: time.describe("ISO time of the first in the window."),
  lastAt: time.describe("ISO time of the last."),
  group: z.string().min(1).describe("The log group that it is in."),
  versions: z.array(z.string()).describe("The versions of the function that wrote it."),
  sample: z.string().describe("A line, with what is sensitive taken out."),
  requestId: z.string().optional().describe("The request id of the sample, for `slipway logs`."),
});

/** Everything that `slipway incident investigate` has gathered. */
export const investigationSchema = strictObject({
  version: z.literal(1).describe("Version of this document's schema."),
  environment: z.string().describe("As in slipway.config.ts."),
  incident: z.string().nullable().describe("Null where no incident was named."),
  at: time.describe("ISO time at which it was made."),
  from: time.describe("What is looked at: from before it began until now."),
  to: time.describe("ISO time until which is looked."),
  startedAt: time.describe("ISO time at which it began to hurt, as far as is known."),
  sources: z.array(sourceAnswerSchema).describe("Where it was looked, and whether that answered."),
  suspects: z.array(suspectSchema).describe("The likeliest first; empty where no release is suspected."),
  withoutSuspect: z.string().min(1).optional().describe("Why nobody is suspected, where that is so."),
  changes: strictObject({
    commits: z.array(listedCommitSchema).describe("Its commits, the newest first."),
    files: z.array(z.string()).describe("Files that it changed."),
    moreFiles: z.int().nonnegative().describe("How many more there are."),
    infrastructure: z
      .array(
        strictObject({
          address: z.string().describe("Terraform's address of the resource."),
          action: z.string().describe("What was done with it."),
        }),
      )
      .describe("What its plan did to resources."),
  })
    .nullable()
    .describe("Of the first suspect: what it changed, as git and its plan tell it."),
  errors: z.array(investigatedErrorSchema).describe("Kinds of errors in the logs since it began."),
  numbers: z
    .array(
      strictObject({
        of: z.string().describe("What the number is of."),
        name: z.string().describe("Which number it is."),
        unit: z.string().describe("Its unit."),
        before: z.number().nullable().describe("Before the incident; null where nothing was measured."),
        now: z.number().nullable().describe("In the incident; null where nothing was measured."),
      }),
    )
    .describe("Numbers of each resource before and in the incident, by their names."),
  alarms: z
    .array(
      strictObject({
        at: time.describe("ISO time at which it went over."),
        alarm: z.string().describe("Its name."),
        to: z.string().describe("The state that it went into."),
        reason: z.string().describe("What CloudWatch says of it."),
      }),
    )
    .describe("What alarms went through, oldest first."),
  dependencies: z
    .array(
      strictObject({
        name: z.string().describe("Name of the service."),
        calls: count.nullable().describe("How many calls there were; null where nobody knows."),
        failed: count.describe("How many of them failed."),
        sample: z
          .string()
          .optional()
          .describe("A line of one, with what is sensitive taken out; absent where there is none."),
      }),
    )
    .describe("Services that the functions call, with what of them failed."),
  costs: z
    .array(
      strictObject({
        of: z.string().describe("What is paid for, and its unit: `capacity of table items, units an hour`."),
        before: z.number().describe("How much of that in an hour before the incident."),
        now: z.number().describe("How much of that in an hour since then."),
      }),
    )
    .describe("What costs much more than before; empty where nothing does."),
  proposal: proposalSchema.describe("What to do next, and why."),
  details: z.record(z.string(), jsonSchema).optional().describe("Whatever else a source had to say."),
});

export type Suspect = z.output<typeof suspectSchema>;
export type SourceAnswer = z.output<typeof sourceAnswerSchema>;
export type Investigation = z.output<typeof investigationSchema>;
