import { checkNames } from "./check-names.ts";
import { checkId } from "./checklist/checklist-check.ts";
import { checklistChecks } from "./checklist/checklist-checks.ts";
import { LIVE_CHECKS } from "./ports/live-checks.ts";
import { validationCheckIds } from "./validation/judge-validation.ts";

/** The ids of all checks that a waiver can be about; a validation's with its window and without. */
export const waivableChecks: readonly string[] = [
  ...checklistChecks.map(checkId),
  ...new Set(validationCheckIds.flatMap(checkNames)),
  ...LIVE_CHECKS.map((name) => `deployment.${name}`),
];
