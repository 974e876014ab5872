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
  found: z.string().min(1).describe("What was found, or is missing."),
  next: z.string().min(1).describe("What to do about it."),
});

const address = z.string().describe("Its address in its root module: `module.api.aws_lambda_function.this`.");

/** The one JSON document of `slipway init --output json`. */
export const adoptionReportSchema = strictObject({
  version: z.literal(1).describe("Version of this document's schema."),
  repository: z.string().describe("The repository's folder."),
  file: z.string().describe("The configuration's file, absolute."),
  outcome: z
    .enum(["written", "shown", "kept"])
    .describe(
      "`shown`: nothing was written, as always with --output json. `kept`: there was one already, and it was left as it is.",
    ),
  found: strictObject({
    infrastructure: z.string().describe("The folder that has everything that Terraform reads."),
    environments: z
      .array(
        strictObject({
          name: z.string().describe("What the configuration calls it."),
          directory: z.string().describe("The folder of its root module."),
          variableFiles: z
            .array(z.string())
            .describe("Files with its values that Terraform does not read by itself; empty where there are none."),
        }),
      )
      .describe("From what is thrown away to what must not fail."),
    functions: z
      .array(
        strictObject({
          name: z.string().describe("What the configuration calls it."),
          address,
          artifact: z
            .string()
            .optional()
            .describe("The folder that its build fills; left out where no build of it was found."),
        }),
      )
      .describe("The Lambda functions of the last environment."),
    apis: z
      .array(
        strictObject({
          address,
          routes: z.array(z.string()).describe("Its routes: `GET /items/{id}`; empty where they are not known."),
        }),
      )
      .describe("The REST APIs of the last environment."),
    tables: z
      .array(strictObject({ name: z.string().describe("What the configuration calls it."), address }))
      .describe("The DynamoDB tables of the last environment."),
    bootstrap: z
      .string()
      .optional()
      .describe("The folder of the root module that makes what a release needs before it; left out where none does."),
  }).describe("What the repository has; paths are from its top."),
  notes: z.array(noteSchema).describe("What it lacks, or nobody could know."),
  config: z.string().describe("The text of the configuration."),
});

export type AdoptionReport = z.output<typeof adoptionReportSchema>;
export type AdoptionNote = AdoptionReport["notes"][number];
