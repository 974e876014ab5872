import * as z from "zod";
import { strictObject } from "../strict-object.ts";

/** Program and arguments; no shell reads it. */
const command = z.array(z.string().min(1)).min(1);

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
  validateInfrastructure: command.default(["npm", "run", "validate:infrastructure"]),
  /** How many people other than the author have to have read the change. */
  reviewers: z.int().nonnegative().max(10).default(2),
});

export type ChecklistConfig = z.output<typeof checklistConfigSchema>;
