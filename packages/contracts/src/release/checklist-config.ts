import * as z from "zod";
import { strictObject } from "../strict-object.ts";

/** Program and arguments; no shell reads it. */
const command = z.array(z.string().min(1)).min(1);

const file = z
  .string()
  .regex(/^[^/\\]/, { error: "expected a file, relative to slipway.config.ts, with / between its parts" });

export const checklistConfigSchema = strictObject({
  tests: command.default(["npm", "test"]),
  coverage: strictObject({
    command: command.default(["npm", "run", "test:coverage"]),
    /** A file in the format of istanbul's json-summary. */
    summary: z.string().min(1).default("coverage/coverage-summary.json"),
    leastPercent: z.number().min(0).max(100).default(80),
  }).prefault({}),
  lint: command.default(["npm", "run", "lint"]),
  audit: command.default(["npm", "audit", "--json"]),
  /** The lowest severity of a known vulnerability that stops a release. */
  auditFails: z.enum(["low", "moderate", "high", "critical"]).default("low"),
  /** Ends with 0 where all is well, with 2 where that could not be found out, and with anything else where it is not. */
  validateInfrastructure: command.default(["npm", "run", "validate:infrastructure"]),
  /** How many people other than the author have to have read the change. */
  reviewers: z.int().nonnegative().max(10).default(2),
  documentation: strictObject({
    changelog: file.default("CHANGELOG.md"),
    readme: file.default("README.md"),
    /** Where settings are explained. */
    configuration: z.array(file).min(1).default(["CONFIGURATION.md"]),
    /** Where somebody who deploys reads what to watch out for; a section `Deployment notes` of the changelog does, too. */
    deploymentNotes: file.default("docs/deployment-notes.md"),
    /**
     * The document that describes the API, and the command that ends with 0 where it is what the code says. Without the command nobody
     * knows.
     */
    api: strictObject({ document: file, check: command.optional() }).optional(),
  }).prefault({}),
  secrets: strictObject({
    /** Files that are not looked at, with `*` for any text. */
    ignore: z.array(strictObject({ file: z.string().min(1), reason: z.string().trim().min(1) })).default([]),
    /** Texts that look like secrets and are none: keys of examples and tests. */
    allow: z.array(strictObject({ text: z.string().min(1), reason: z.string().trim().min(1) })).default([]),
  }).prefault({}),
  backup: strictObject({
    /** How old an on-demand backup of a table may be that has no point-in-time recovery. */
    freshHours: z.number().positive().max(8_760).default(24),
  }).prefault({}),
  recovery: strictObject({
    /** How long a drill of the recovery counts. */
    testedWithinDays: z.number().positive().max(3_650).default(90),
  }).prefault({}),
  /** How long the whole checklist may take; what is not done by then is unknown. */
  budgetMinutes: z.number().positive().max(1_440).default(60),
});

export type ChecklistConfig = z.output<typeof checklistConfigSchema>;
