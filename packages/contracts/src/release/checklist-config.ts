import * as z from "zod";
import { strictObject } from "../strict-object.ts";

/** Program and arguments; no shell reads it. */
const command = z.array(z.string().min(1)).min(1);

const file = z
  .string()
  .regex(/^[^/\\]/, { error: "expected a file, relative to slipway.config.ts, with / between its parts" });

export const checklistConfigSchema = strictObject({
  tests: command.default(["npm", "test"]).describe("Runs the tests: program and arguments; no shell reads them."),
  coverage: strictObject({
    command: command.default(["npm", "run", "test:coverage"]).describe("Program and arguments."),
    summary: z
      .string()
      .min(1)
      .default("coverage/coverage-summary.json")
      .describe("A file in the format of istanbul's json-summary."),
    leastPercent: z
      .number()
      .min(0)
      .max(100)
      .default(80)
      .describe("The lowest share of lines that will do, in percent."),
  })
    .prefault({})
    .describe("How much of the code the tests cover."),
  lint: command.default(["npm", "run", "lint"]).describe("Looks at the code: program and arguments."),
  audit: command
    .default(["npm", "audit", "--json"])
    .describe("Looks for known vulnerabilities, and prints what `npm audit --json` prints."),
  auditFails: z
    .enum(["low", "moderate", "high", "critical"])
    .default("low")
    .describe("The lowest severity of a known vulnerability that stops a release."),
  validateInfrastructure: command
    .default(["npm", "run", "validate:infrastructure"])
    .describe(
      "Ends with 0 where all is well, with 2 where that could not be found out, and with anything else where it is not.",
    ),
  reviewers: z
    .int()
    .nonnegative()
    .max(10)
    .default(2)
    .describe("How many people have to have read each commit: none of its authors and committers."),
  documentation: strictObject({
    changelog: file.default("CHANGELOG.md").describe("What has changed."),
    readme: file.default("README.md").describe("Where people begin to read."),
    configuration: z.array(file).min(1).default(["CONFIGURATION.md"]).describe("Where settings are explained."),
    deploymentNotes: file
      .default("docs/deployment-notes.md")
      .describe(
        "Where somebody who deploys reads what to watch out for; a section `Deployment notes` of the changelog does, too.",
      ),
    api: strictObject({
      document: file.describe("The document."),
      check: command
        .optional()
        .describe("The command: program and arguments.")
        .meta({ examples: [["npm", "run", "generate", "--", "--check"]] }),
    })
      .optional()
      .describe(
        "The document that describes the API, and the command that ends with 0 where it is what the code says. Without the command nobody knows.",
      ),
  })
    .prefault({})
    .describe("Where things are written down."),
  secrets: strictObject({
    ignore: z
      .array(
        strictObject({
          file: z
            .string()
            .min(1)
            .describe(
              "The file. A text of more than 2 MB is not looked through, and makes the line unknown until it is listed here.",
            )
            .meta({ examples: ["docs/pictures/*"] }),
          reason: z
            .string()
            .trim()
            .min(1)
            .describe("Why it need not be looked at.")
            .meta({ examples: ["pictures of what anybody can run"] }),
        }),
      )
      .default([])
      .describe("Files that are not looked at, with `*` for any text."),
    allow: z
      .array(
        strictObject({
          text: z.string().min(1).describe("The text."),
          reason: z.string().trim().min(1).describe("Why it is none."),
        }),
      )
      .default([])
      .describe("Texts that look like secrets and are none: keys of examples and tests."),
  })
    .prefault({})
    .describe("What is no secret although it looks like one."),
  backup: strictObject({
    freshHours: z
      .number()
      .positive()
      .max(8_760)
      .default(24)
      .describe("How old an on-demand backup of a table may be that has no point-in-time recovery."),
  })
    .prefault({})
    .describe("When a backup counts."),
  recovery: strictObject({
    testedWithinDays: z.number().positive().max(3_650).default(90).describe("How long a drill of the recovery counts."),
  })
    .prefault({})
    .describe("When a drill counts."),
  budgetMinutes: z
    .number()
    .positive()
    .max(1_440)
    .default(60)
    .describe("How long the whole checklist may take; what is not done by then is unknown."),
});

export type ChecklistConfig = z.output<typeof checklistConfigSchema>;
