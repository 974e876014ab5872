import * as z from "zod";
import { strictObject } from "./strict-object.ts";

/** Something that a repository lacks, or that nobody could know, with what to do about it. */
const noteSchema = strictObject({
  /** What it is about and what it is: `function.no-alias`. */
  id: z.string().regex(/^[a-z-]+\.[a-z-]+$/),
  /** `must`: before the first release. `should`: before production depends on it. `check`: it was guessed, or is worth knowing. */
  level: z.enum(["must", "should", "check"]),
  /** A resource with its file, an environment, a key of the configuration. */
  subject: z.string().min(1),
  found: z.string().min(1),
  next: z.string().min(1),
});

/** The one JSON document of `slipway init --output json`. */
export const adoptionReportSchema = strictObject({
  version: z.literal(1),
  /** The repository's folder. */
  repository: z.string(),
  /** The configuration's file, absolute. */
  file: z.string(),
  /** `kept`: there was one already, and it was left as it is. */
  outcome: z.enum(["written", "shown", "kept"]),
  found: strictObject({
    infrastructure: z.string(),
    environments: z.array(
      strictObject({ name: z.string(), directory: z.string(), variableFiles: z.array(z.string()) }),
    ),
    functions: z.array(strictObject({ name: z.string(), address: z.string(), artifact: z.string().optional() })),
    apis: z.array(strictObject({ address: z.string(), routes: z.array(z.string()) })),
    tables: z.array(strictObject({ name: z.string(), address: z.string() })),
    bootstrap: z.string().optional(),
  }),
  notes: z.array(noteSchema),
  /** The text of the configuration. */
  config: z.string(),
});

export type AdoptionReport = z.output<typeof adoptionReportSchema>;
export type AdoptionNote = AdoptionReport["notes"][number];
