export { apiUrlAt } from "./api-url-at.ts";
export { AwsDeployedFunctions } from "./aws-deployed-functions.ts";
export { AwsFunctionVariables } from "./aws-function-variables.ts";
export { walkBucket } from "./bucket-contents.ts";
export { buildFunction } from "./build-function.ts";
export type { AwsClientOptions } from "./client-settings.ts";
export { type AwsClients, createAwsClients } from "./create-aws-clients.ts";
export { toDocument, toItem } from "./data/attribute-values.ts";
export { DynamoMigrationLedger } from "./data/dynamo-migration-ledger.ts";
export { DynamoMigrationTable } from "./data/dynamo-migration-table.ts";
export { DynamoTableExports } from "./data/dynamo-table-exports.ts";
export { DynamoUndoTable } from "./data/dynamo-undo-table.ts";
export { DrillItems } from "./drill/drill-items.ts";
export { loseState } from "./drill/lose-state.ts";
export { DynamoTables } from "./dynamo-tables.ts";
export {
  assertCommitIsThere,
  type CommitWorktree,
  openCommitWorktree,
  removeCommitWorktree,
  type WorktreePlace,
} from "./git/commit-worktree.ts";
export { commitsBetween } from "./git/commits-between.ts";
export { withEarlierConfig } from "./git/git-earlier-config.ts";
export { GitSourceFiles } from "./git/git-source-files.ts";
export { GitSourceHistory } from "./git/git-source-history.ts";
export { GitSourceRepository } from "./git/git-source-repository.ts";
export { gitEnvironment, runGit } from "./git/run-git.ts";
export { worktreesUnder } from "./git/worktrees-under.ts";
export { GithubReviews } from "./github/github-reviews.ts";
export { callerIdentity } from "./identity/caller-identity.ts";
export { RoleSessions, type SessionCredentials } from "./identity/role-sessions.ts";
export { LambdaFunctionDeployer } from "./lambda-function-deployer.ts";
export { LambdaInvoker } from "./lambda-invoker.ts";
export { DynamoLedgerTable } from "./ledger/dynamo-ledger-table.ts";
export { localAwsEnvironment } from "./local-aws-environment.ts";
export { AwsAlarmsReader } from "./monitoring/aws-alarms-reader.ts";
export { AwsDashboardsReader } from "./monitoring/aws-dashboards-reader.ts";
export { AwsMetricsReader } from "./monitoring/aws-metrics-reader.ts";
export { AwsTableAlarms } from "./monitoring/aws-table-alarms.ts";
export { AwsPriceList } from "./pricing/aws-price-list.ts";
export { INSIDE_CHECKLIST, ProcessCommandRunner } from "./process/process-command-runner.ts";
export { endFamily, familyOf } from "./process/process-family.ts";
export { AwsRecoveryPoints } from "./recovery/aws-recovery-points.ts";
export { DynamoBackups } from "./recovery/dynamo-backups.ts";
export { DynamoRestoredContents } from "./recovery/dynamo-restored-contents.ts";
export { DynamoTableContents } from "./recovery/dynamo-table-contents.ts";
export { DynamoTableFreezer } from "./recovery/dynamo-table-freezer.ts";
export { DynamoTableRestorer } from "./recovery/dynamo-table-restorer.ts";
export { DynamoTableSettings } from "./recovery/dynamo-table-settings.ts";
export { S3ArtifactStore } from "./s3-artifact-store.ts";
export { SecretlintScanner } from "./secrets/secretlint-scanner.ts";
export {
  JOURNAL_NAMESPACE,
  journalKey,
  SshSignatures,
  signApproval,
  signJournal,
} from "./signatures/ssh-signatures.ts";
export { parseState } from "./state/parse-state.ts";
export { S3StateStore } from "./state/s3-state-store.ts";
export { stateLockFile } from "./state/state-lock-file.ts";
export { fileState, s3State } from "./state/state-sources.ts";
export { isAbandonedLock } from "./terraform/is-abandoned-lock.ts";
export { TerraformCli, type TerraformPurpose } from "./terraform/terraform-cli.ts";
export { TerraformCodeChecks } from "./terraform/terraform-code-checks.ts";
export {
  type PreparedRoot,
  prepareWorkingCopy,
} from "./working-copy/prepare-working-copy.ts";
