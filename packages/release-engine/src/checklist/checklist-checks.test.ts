import { checklistConfigSchema } from "@slipway/contracts";
import { expect, test } from "vitest";
import { CHECKLIST_SECTIONS, checkId, titleOf } from "./checklist-check.ts";
import { checklistChecks } from "./checklist-checks.ts";

const config = checklistConfigSchema.parse({});

/** The lines of the guide's "Pre-Deployment Checklist", each below its heading. */
const GUIDE = {
  "Code Quality": [
    "All tests pass locally",
    "Code coverage meets the minimum (80%)",
    "Linting passes",
    "No security vulnerabilities",
    "Code review approved by at least 2 team members",
    "All commits are signed",
  ],
  "Infrastructure Validation": [
    "Terraform validation passes",
    "Terraform formatting is correct",
    "Terraform plan reviewed",
    "No unexpected resource changes in plan",
    "Infrastructure scripts pass",
    "No orphaned resources detected",
  ],
  Documentation: [
    "CHANGELOG.md updated with changes",
    "README.md updated if needed",
    "API documentation updated",
    "Configuration changes documented",
    "Deployment notes prepared",
  ],
  Security: [
    "No hardcoded secrets in code",
    "All environment variables configured",
    "IAM roles and policies reviewed",
    "CORS settings appropriate for production",
    "HTTPS enforced",
    "Rate limiting configured",
  ],
  "Backup & Recovery": [
    "Database backup created",
    "Terraform state backup created",
    "Rollback plan documented",
    "Recovery procedures tested",
  ],
} as const;

/** Beside the guide's. */
const OWN = ["release.unproven-function"];

test("every line of the guide is there, in its order", () => {
  const titles = (section: string) =>
    checklistChecks
      .filter((each) => each.section === section && !OWN.includes(checkId(each)))
      .map((each) => titleOf(each, config).split(": ")[0]);

  expect(Object.fromEntries(CHECKLIST_SECTIONS.map((section) => [section, titles(section)]))).toEqual(GUIDE);
});

test("no two have the same id", () => {
  expect(new Set(checklistChecks.map(checkId)).size).toBe(checklistChecks.length);
});
