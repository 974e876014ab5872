import * as z from "zod";
import { strictObject } from "./strict-object.ts";

/** Something that a repository lacks, or that nobody could know, with what to do about it. */
const noteSchema = strictObject({
  id: z
    .string()
    .regex(/^[a-z-]+\.[a-z-]+$/)
    .describe("What it is about and what it is: `function.no-alias`."),
  level: z
    .enum(["must", "should", "check"])
    .describe(
      "`must`: before the first release. `should`: before production depends on it. `check`: it was guessed, or is worth knowing.",
    ),
  subject: z.string().min(1).describe("A resource with its file, an environment, a key of the configuration."),
  found: z.string().min(1),
  next: z.string().min(1),
});

/** The one JSON document of `slipway init --output json`. */
export const adoptionReportSchema = strictObject({
  version: z.literal(1),
  repository: z.string().describe("The repository's folder."),
  file: z.string().describe("The configuration's file, absolute."),
  outcome: z.enum(["written", "shown", "kept"]).describe("`kept`: there was one already, and it was left as it is."),
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
  config: z.string().describe("The text of the configuration."),
});

export type AdoptionReport = z.output<typeof adoptionReportSchema>;
export type AdoptionNote = AdoptionReport["notes"][number];
