import * as z from "zod";
import { jsonSchema } from "../json.ts";
import { releaseIdSchema } from "../release/release-ids.ts";
import { strictObject } from "../strict-object.ts";
import { proposalSchema } from "./proposal.ts";

const time = z.iso.datetime();
const count = z.number().nonnegative();

/** A change that may be the cause. */
export const suspectSchema = strictObject({
  release: releaseIdSchema,
  /** From 0 to 1: how likely it is the cause, given what was seen. */
  likelihood: z.number().min(0).max(1),
  /** Which part of it: that a rollback of it is proposed. */
  part: z.enum(["code", "infrastructure", "data"]),
  /** ISO time at which the change took effect. */
  changedAt: time,
  /** For and against, each with numbers, the weightiest first. */
  reasons: z.array(z.string().min(1)).min(1),
});

/** Where something was looked up, and whether it answered. */
export const sourceAnswerSchema = strictObject({
  source: z.string().min(1),
  /** `in-part`: not everything could be asked for; `unknown`: it was not asked, because nobody knows what for. */
  state: z.enum(["answered", "in-part", "unknown", "down", "too-late"]),
  /** Why it has not answered, or what its answer leaves out. */
  why: z.string().min(1).optional(),
  durationMs: count,
});

/** One kind of error in the window. */
export const investigatedErrorSchema = strictObject({
  fingerprint: z.string().min(1),
  count,
  before: count,
  firstAt: time,
  lastAt: time,
  group: z.string().min(1),
  /** The versions of the function that wrote it. */
  versions: z.array(z.string()),
  /** A line, with what is sensitive taken out. */
  sample: z.string(),
  /** The request id of the sample, for `slipway logs`. */
  requestId: z.string().optional(),
});

/** Everything that `slipway incident investigate` has gathered. */
export const investigationSchema = strictObject({
  version: z.literal(1),
  environment: z.string(),
  /** Null where no incident was named. */
  incident: z.string().nullable(),
  at: time,
  /** What is looked at: from before it began until now. */
  from: time,
  to: time,
  startedAt: time,
  sources: z.array(sourceAnswerSchema),
  /** The likeliest first; empty where no release is suspected. */
  suspects: z.array(suspectSchema),
  /** Why nobody is suspected, where that is so. */
  withoutSuspect: z.string().min(1).optional(),
  /** Of the first suspect: what it changed, as git and its plan tell it. */
  changes: strictObject({
    commits: z.array(strictObject({ commit: z.string(), subject: z.string(), author: z.string() })),
    files: z.array(z.string()),
    moreFiles: z.int().nonnegative(),
    infrastructure: z.array(strictObject({ address: z.string(), action: z.string() })),
  }).nullable(),
  errors: z.array(investigatedErrorSchema),
  /** Numbers of each resource before and in the incident, by their names. */
  numbers: z.array(
    strictObject({
      of: z.string(),
      name: z.string(),
      unit: z.string(),
      before: z.number().nullable(),
      now: z.number().nullable(),
    }),
  ),
  /** What alarms went through, oldest first. */
  alarms: z.array(strictObject({ at: time, alarm: z.string(), to: z.string(), reason: z.string() })),
  /** Services that the functions call, with what of them failed. */
  dependencies: z.array(
    strictObject({ name: z.string(), calls: count.nullable(), failed: count, sample: z.string().optional() }),
  ),
  /** What costs much more than before; empty where nothing does. */
  costs: z.array(strictObject({ of: z.string(), before: z.number(), now: z.number() })),
  proposal: proposalSchema,
  /** Whatever else a source had to say. */
  details: z.record(z.string(), jsonSchema).optional(),
});

export type Suspect = z.output<typeof suspectSchema>;
export type SourceAnswer = z.output<typeof sourceAnswerSchema>;
export type Investigation = z.output<typeof investigationSchema>;
