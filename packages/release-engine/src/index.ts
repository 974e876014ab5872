export { AdaptivePace } from "./adaptive-pace.ts";
export { analyzeCosts } from "./analyze-costs.ts";
export {
  applyInfrastructure,
  type InfrastructureResult,
} from "./apply-infrastructure.ts";
export { assertNotInterrupted } from "./assert-not-interrupted.ts";
export { isOwnBackup } from "./backups/backup-names.ts";
export { backupRecords } from "./backups/backup-records.ts";
export { choosePrunable, type PruneDecision } from "./backups/choose-prunable.ts";
export { createBackups } from "./backups/create-backups.ts";
export { type ListedTableBackup, listBackups, type TableRecovery } from "./backups/list-backups.ts";
export { pruneBackups } from "./backups/prune-backups.ts";
export { type BackupVerification, verifyBackup } from "./backups/verify-backup.ts";
export { moveAlias } from "./canary/move-alias.ts";
export { publishedFunctions } from "./canary/published-functions.ts";
export { spacedCalls } from "./canary/spaced-calls.ts";
export { type TrafficDeps, trafficHandlers } from "./canary/traffic-handlers.ts";
export { verifyStep } from "./canary/verify-step.ts";
export { driftUnknown } from "./check-drift.ts";
export {
  CHECKLIST_SECTIONS,
  type ChecklistCheck,
  checkId,
  titleOf as checklistTitleOf,
  verdictOf,
} from "./checklist/checklist-check.ts";
export { checklistChecks } from "./checklist/checklist-checks.ts";
export { checklistHandler } from "./checklist/checklist-handler.ts";
export { FileEvidenceStore } from "./checklist/file-evidence-store.ts";
export { type RunChecklistOptions, type RunChecklistPorts, runChecklist } from "./checklist/run-checklist.ts";
export { type CheckpointEvidence, checkpointHandler } from "./checkpoints/checkpoint-handler.ts";
export { type WatchEnd, watchRelease } from "./checkpoints/watch-release.ts";
export { choosePrices } from "./choose-prices.ts";
export { type CodeDeps, codeHandlers } from "./code/code-handlers.ts";
export {
  type DestructionResult,
  destroyEnvironment,
} from "./destroy-environment.ts";
export { DrillFailure } from "./drill/drill-failure.ts";
export type { DrillPath } from "./drill/drill-path.ts";
export { drillPaths } from "./drill/drill-paths.ts";
export { type DrillSubject, drillSubject } from "./drill/drill-subject.ts";
export { DRILL_STEP } from "./drill/judge-drills.ts";
export { type ClosedStage, runDrill } from "./drill/run-drill.ts";
export { fetchHttpClient } from "./fetch-http-client.ts";
export { findOrphans, typesToScan } from "./find-orphans.ts";
export { isUnderWay } from "./incidents/detect/incident-for.ts";
export { type IncidentLook, lookForIncidents } from "./incidents/detect/look-for-incidents.ts";
export { LookMemory } from "./incidents/detect/look-memory.ts";
export { type IncidentPorts, type IncidentSubject, measureIncidents } from "./incidents/detect/measure-incidents.ts";
export { watchIncidents } from "./incidents/detect/watch-incidents.ts";
export type { GameDay } from "./incidents/gamedays/game-day.ts";
export { gameDays } from "./incidents/gamedays/game-days.ts";
export { runGameDay } from "./incidents/gamedays/run-game-day.ts";
export type { IncidentRecord } from "./incidents/incident-record.ts";
export { incidents } from "./incidents/incidents.ts";
export {
  type InvestigationPorts,
  type InvestigationRequest,
  investigateIncident,
} from "./incidents/investigate/investigate-incident.ts";
export { SourceDesk } from "./incidents/investigate/source-desk.ts";
export { InvestigationMemory } from "./incidents/mitigate/investigation-memory.ts";
export {
  type ActionEnd,
  type ActionRunner,
  mitigateIncident,
} from "./incidents/mitigate/mitigate-incident.ts";
export {
  keepFindings,
  type Responded,
  respondToIncidents,
} from "./incidents/mitigate/respond-to-incidents.ts";
export {
  incidentChecklist,
  incidentItemTitles,
} from "./incidents/postmortem/incident-checklist.ts";
export { incidentStatistics } from "./incidents/postmortem/incident-statistics.ts";
export { incidentTimeline } from "./incidents/postmortem/incident-timeline.ts";
export { incidentTimes } from "./incidents/postmortem/incident-times.ts";
export { measureErrorBudget } from "./incidents/postmortem/measure-error-budget.ts";
export { lookAtImpact, measureImpact } from "./incidents/postmortem/measure-impact.ts";
export { statusUpdate } from "./incidents/postmortem/status-update.ts";
export { acknowledgeIncident } from "./incidents/records/acknowledge-incident.ts";
export { assignRole } from "./incidents/records/assign-role.ts";
export { classifyIncident } from "./incidents/records/classify-incident.ts";
export { closeIncident } from "./incidents/records/close-incident.ts";
export { escalateOverdue } from "./incidents/records/escalate-overdue.ts";
export { noteIncident } from "./incidents/records/note-incident.ts";
export { openIncident } from "./incidents/records/open-incident.ts";
export { resolveIncident } from "./incidents/records/resolve-incident.ts";
export { responseClock, responsePeriodMs } from "./incidents/records/response-clock.ts";
export { type TellRequest, type Told, tellIncidents } from "./incidents/records/tell-incidents.ts";
export type { IncidentWrite } from "./incidents/records/write-incident.ts";
export { resourcesInLedger } from "./incidents/resources-in-ledger.ts";
export { APPROVAL_NAMESPACE, approvalText } from "./infrastructure/approval-text.ts";
export {
  type ApprovalCount,
  authorFault,
  authorsOf,
  authorsUnknown,
  countApprovals,
} from "./infrastructure/count-approvals.ts";
export { groundBefore, lastPlan } from "./infrastructure/ensure-plan.ts";
export type { PlannedRoot } from "./infrastructure/infrastructure-deps.ts";
export { infrastructureHandlers } from "./infrastructure/infrastructure-handlers.ts";
export { lockedAt } from "./infrastructure/locked-at.ts";
export { emailOf } from "./infrastructure/same-person.ts";
export { settleBeside } from "./infrastructure/settle-step.ts";
export { summarisePlan } from "./infrastructure/summarise-plan.ts";
export { latestWaiverDay } from "./latest-waiver-day.ts";
export { BrokenLedgerError } from "./ledger/broken-ledger-error.ts";
export { canonicalJson } from "./ledger/canonical-json.ts";
export { EntryChain, hashOf, NO_HASH } from "./ledger/entry-chain.ts";
export { leaseIsHeld, SKEW_ALLOWANCE_MS } from "./ledger/lease-times.ts";
export type { HeldLedger, Ledger, LedgerDraft, TakeOptions } from "./ledger/ledger.ts";
export { openLedger } from "./ledger/open-ledger.ts";
export type { ReleaseRecord, StepRecord } from "./ledger/release-record.ts";
export { releases } from "./ledger/releases.ts";
export { loadConfig } from "./load-config.ts";
export { deploymentEvidence, lookAtResources } from "./look-at-resources.ts";
export { addCounts, countsOf } from "./migrations/counts.ts";
export { decideChange } from "./migrations/decide-change.ts";
export type { MigrationRunner } from "./migrations/held-migration.ts";
export { loadMigrations } from "./migrations/load-migrations.ts";
export { matchesFilter } from "./migrations/matches-filter.ts";
export { type LeftRecord, MIGRATION_KEY_PREFIX } from "./migrations/migration-work.ts";
export {
  isToRun,
  type LoadedMigration,
  type PlannedMigration,
  planMigrations,
} from "./migrations/plan-migrations.ts";
export { previewMigration } from "./migrations/preview-migration.ts";
export type { MigrationRate } from "./migrations/rate-limit.ts";
export { runMigration } from "./migrations/run-migration.ts";
export { sameValue } from "./migrations/same-value.ts";
export { alarmName } from "./monitoring/alarm-name.ts";
export { childrenOfRule } from "./monitoring/children-of-rule.ts";
export {
  type AlarmWidget,
  type DashboardBody,
  type DashboardWidget,
  type LogWidget,
  type MetricWidget,
  parseDashboardBody,
  type WidgetPlace,
  type WidgetSeries,
} from "./monitoring/dashboard-body.ts";
export { type GoldenSignal, goldenSignals, type SignalUnit, type VersionsInUse } from "./monitoring/golden-signals.ts";
export {
  type MonitoredFunction,
  type MonitoredResources,
  monitoredResources,
} from "./monitoring/monitored-resources.ts";
export { createAnnouncer } from "./notifications/create-announcer.ts";
export { tellMissed } from "./notifications/tell-missed.ts";
export { outputText } from "./output-text.ts";
export { packageFunction } from "./package-function.ts";
export { type CheckpointRules, checkpointRules } from "./policy/checkpoint-rules.ts";
export { type PolicyInForce, policyInForce } from "./policy/policy-in-force.ts";
export { type AllowedSigners, type ReleaseRules, releaseRules } from "./policy/release-rules.ts";
export type {
  AlarmDrill,
  AlarmEvent,
  AlarmExerciser,
  AlarmState,
  AlarmsReader,
  ObservedAlarm,
} from "./ports/alarms.ts";
export type { Announcer } from "./ports/announcer.ts";
export type { ApprovalSignatures } from "./ports/approval-signatures.ts";
export type { ArtifactObject, ArtifactStore } from "./ports/artifact-store.ts";
export type { Clock } from "./ports/clock.ts";
export type { CodeReviews, ReviewedChange } from "./ports/code-reviews.ts";
export type { CommandResult, CommandRunner } from "./ports/command-runner.ts";
export type { DashboardsReader } from "./ports/dashboards.ts";
export type { DeployedFunction, DeployedFunctions } from "./ports/deployed-functions.ts";
export type {
  DrilledCommand,
  DrilledRelease,
  DrillGround,
  DrillTraffic,
  OpenedStage,
} from "./ports/drill-stage.ts";
export type { FunctionBuilder } from "./ports/function-builder.ts";
export type { FunctionAnswer, FunctionInvoker } from "./ports/function-invoker.ts";
export type { FunctionVariables } from "./ports/function-variables.ts";
export type {
  AliasMove,
  AliasState,
  CodeChange,
  FunctionDeployer,
  FunctionReader,
  FunctionState,
} from "./ports/functions.ts";
export type { GameStage, IncidentWatch, Plant, Planted, TrafficMinute } from "./ports/game-stage.ts";
export type { HttpClient, HttpRequest, HttpResponse } from "./ports/http-client.ts";
export type { ResourceScanner, ResourceUseReader } from "./ports/inventory.ts";
export type { LeaseRecord, LedgerHead, LedgerTable } from "./ports/ledger-table.ts";
export type { LiveCheck, LiveChecks, LiveFinding } from "./ports/live-checks.ts";
export type { FollowWatcher, InsightsAnswer, LogEvent, LogQuestion, LogsReader, SavedQuery } from "./ports/logs.ts";
export type { MetricName, MetricPoint, MetricQuestion, MetricSeries, MetricsReader } from "./ports/metrics.ts";
export type {
  MigrationLedger,
  MigrationTable,
  RecordChange,
  ScannedPage,
  ScanRequest,
  SeedTable,
  TableShape,
  WriteAnswer,
} from "./ports/migration-table.ts";
export type { Message, Notifier } from "./ports/notifier.ts";
export type { PriceList, PublishedPrices } from "./ports/price-list.ts";
export type { Progress, ProgressEvent } from "./ports/progress.ts";
export type { RecoveryPoints, TableRecoveryPoints } from "./ports/recovery-points.ts";
export type {
  ReleaseTerraform,
  ReleaseWorkspace,
  ShownPlan,
  StateLock,
  StateVersion,
} from "./ports/release-terraform.ts";
export type { SecretFinding, SecretScan, SecretScanner } from "./ports/secret-scanner.ts";
export type { SourceFiles } from "./ports/source-files.ts";
export type { SourceHistory } from "./ports/source-history.ts";
export type { SourceCommit, SourceRepository } from "./ports/source-repository.ts";
export type {
  StateBackupEntry,
  StateBackupStore,
  StateSlot,
  StateVersionEntry,
  StateVersions,
  StoredState,
} from "./ports/state-store.ts";
export type { ExportedChange, ExportRequest, FinishedExport, TableExports } from "./ports/table-exports.ts";
export type {
  BackupCatalog,
  BackupDescription,
  BackupRemover,
  BackupRestorer,
  ItemKey,
  RecoveryWindow,
  TableBackup,
  TableContents,
} from "./ports/table-recovery.ts";
export type {
  DroppedSetting,
  IndexAnswer,
  RestoredContents,
  TableAlarms,
  TableFreezer,
  TablePolicy,
  TableRestorer,
  TableSettings,
  TableSettingsStore,
} from "./ports/table-restore.ts";
export type { TableBackups, TableInspector } from "./ports/tables.ts";
export type {
  TerraformApplyRequest,
  TerraformEvent,
  TerraformInit,
  TerraformOutputs,
  TerraformPlan,
  TerraformPlanRequest,
} from "./ports/terraform.ts";
export type { TerraformCode, TerraformCodeVerdict } from "./ports/terraform-code.ts";
export type { StateResource, StateSource, TerraformState } from "./ports/terraform-states.ts";
export type { ItemSwap, UndoTable } from "./ports/undo-table.ts";
export type { UsageQuestion, UsageReader } from "./ports/usage-reader.ts";
export { createRedactor } from "./redaction/create-redactor.ts";
export { learnEnvironment } from "./redaction/learn-secrets.ts";
export { redactedError } from "./redaction/redacted-error.ts";
export { redactedLogs } from "./redaction/redacted-logs.ts";
export { redactedProgress } from "./redaction/redacted-progress.ts";
export type { Redactor } from "./redaction/redactor.ts";
export { adoptedVersions } from "./release/adopted-versions.ts";
export { appliedInfrastructure } from "./release/applied-infrastructure.ts";
export { assertSourceUnchanged } from "./release/assert-source-unchanged.ts";
export { currentFunctions } from "./release/current-functions.ts";
export { decideRelease, type ReleaseDecision } from "./release/decide-release.ts";
export { firstReleaseStays, insteadOfPuttingBack } from "./release/first-release-stays.ts";
export { guarded } from "./release/guarded.ts";
export { knownAuthors } from "./release/known-authors.ts";
export { putBack } from "./release/put-back.ts";
export type { ReleaseOutcome } from "./release/release-outcome.ts";
export type { ReleasePorts } from "./release/release-ports.ts";
export { runRelease } from "./release/run-release.ts";
export { nextReleaseId, releaseWithTraffic, unfinishedRelease } from "./release/standing-releases.ts";
export { startRelease } from "./release/start-release.ts";
export type { StepContext, StepEnd, StepHandler, StepHandlers } from "./release/step-handler.ts";
export { verifiedOf } from "./release/verified-of.ts";
export { type FailureKind, ReleaseError } from "./release-error.ts";
export { type RestoreHandlers, restoredVariables } from "./restore/restore-deps.ts";
export { restoreHandlers } from "./restore/restore-handlers.ts";
export { restoredTableName } from "./restore/restored-table-name.ts";
export { assertTableTakesWrites } from "./rollback/assert-table-takes-writes.ts";
export { backFromRollback } from "./rollback/back-from-rollback.ts";
export { commitToPlan } from "./rollback/commit-to-plan.ts";
export type { BegunMigration } from "./rollback/contracted-since.ts";
export { decideRollback } from "./rollback/decide-rollback.ts";
export { lookAtTargets, type TargetVersion } from "./rollback/look-at-targets.ts";
export { partWords } from "./rollback/part-words.ts";
export { previewRollback, type RollbackWay } from "./rollback/preview-rollback.ts";
export { assertLossConfirmed, restoredWrites, restoredWritesWords } from "./rollback/restored-writes.ts";
export { rollBack } from "./rollback/roll-back.ts";
export {
  type ChecklistLine,
  hasRollbackChecklist,
  rollbackChecklist,
  rollbackItemTitles,
} from "./rollback/rollback-checklist.ts";
export type { RollbackDecision, RollbackQuestion } from "./rollback/rollback-decision.ts";
export { otherTargets } from "./rollback/rollback-targets.ts";
export { runPhase } from "./run-phase.ts";
export { runSmokeTests } from "./run-smoke-tests.ts";
export { checkRecord } from "./seeds/check-record.ts";
export { loadSeed } from "./seeds/load-seed.ts";
export { seedTable } from "./seeds/seed-table.ts";
export { Sensitive } from "./sensitive.ts";
export { proofHandlers } from "./smoke/proof-handlers.ts";
export { smokeVersion } from "./smoke/smoke-version.ts";
export { UNPROVEN_FUNCTION } from "./smoke/unproven-function.ts";
export { backUpState } from "./state-backups/back-up-state.ts";
export {
  type ListedBackup,
  type ListedVersion,
  listStateVersions,
  type StateListing,
} from "./state-backups/list-state-versions.ts";
export { planStateRestore, type RestoreFrom, type StateRestorePlan } from "./state-backups/plan-state-restore.ts";
export {
  finishRestore,
  restoreState,
} from "./state-backups/restore-state.ts";
export { systemClock } from "./system-clock.ts";
export { decideUndo } from "./undo/decide-undo.ts";
export { exportWindow, type WindowExports, windowOf } from "./undo/export-window.ts";
export type { TimeWindow } from "./undo/export-windows.ts";
export { type SelectedWrites, selectWrites } from "./undo/select-writes.ts";
export { trafficWindow } from "./undo/traffic-window.ts";
export { type UndoDeps, undoHandlers } from "./undo/undo-handlers.ts";
export { windowChanges } from "./undo/window-changes.ts";
export { type DecidedItem, type WriteBack, writeBack } from "./undo/write-back.ts";
export { validateDeployment } from "./validate-deployment.ts";
export { judgeValidation, validationLines } from "./validation/judge-validation.ts";
export { measureValidation } from "./validation/measure-validation.ts";
export { WINDOWS, windowsUpTo } from "./validation/windows.ts";
export { waitUntil } from "./wait-until.ts";
export { waivableChecks } from "./waivable-checks.ts";
