import type { ChecklistCheck } from "./checklist-check.ts";
import { apiDocumentation } from "./checks/api-documentation.ts";
import { audit } from "./checks/audit.ts";
import { changelog } from "./checks/changelog.ts";
import { codeReview } from "./checks/code-review.ts";
import { configurationDocumentation } from "./checks/configuration-documentation.ts";
import { cors } from "./checks/cors.ts";
import { coverage } from "./checks/coverage.ts";
import { databaseBackup } from "./checks/database-backup.ts";
import { deploymentNotes } from "./checks/deployment-notes.ts";
import { environmentVariables } from "./checks/environment-variables.ts";
import { https } from "./checks/https.ts";
import { iam } from "./checks/iam.ts";
import { infrastructureScripts } from "./checks/infrastructure-scripts.ts";
import { lint } from "./checks/lint.ts";
import { orphans } from "./checks/orphans.ts";
import { planExpected } from "./checks/plan-expected.ts";
import { planReviewed } from "./checks/plan-reviewed.ts";
import { rateLimits } from "./checks/rate-limits.ts";
import { readme } from "./checks/readme.ts";
import { recoveryTested } from "./checks/recovery-tested.ts";
import { rollbackPlan } from "./checks/rollback-plan.ts";
import { secrets } from "./checks/secrets.ts";
import { signedCommits } from "./checks/signed-commits.ts";
import { stateBackup } from "./checks/state-backup.ts";
import { terraformFormat } from "./checks/terraform-format.ts";
import { terraformValidate } from "./checks/terraform-validate.ts";
import { tests } from "./checks/tests.ts";
import { unprovenFunction } from "./checks/unproven-function.ts";

/** Every line of the guide's "Pre-Deployment Checklist", in its order, and what else would stop a release only halfway. */
export const checklistChecks: readonly ChecklistCheck[] = [
  tests,
  coverage,
  lint,
  audit,
  codeReview,
  signedCommits,
  unprovenFunction,
  terraformValidate,
  terraformFormat,
  planReviewed,
  planExpected,
  infrastructureScripts,
  orphans,
  changelog,
  readme,
  apiDocumentation,
  configurationDocumentation,
  deploymentNotes,
  secrets,
  environmentVariables,
  iam,
  cors,
  https,
  rateLimits,
  databaseBackup,
  stateBackup,
  rollbackPlan,
  recoveryTested,
];
