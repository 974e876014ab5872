export { type AdoptionNote, type AdoptionReport, adoptionReportSchema } from "./adoption-report.ts";
export { configurationKeys } from "./configuration-keys.ts";
export { type ConfigurationKey, configurationReference } from "./configuration-reference.ts";
export {
  type CapacityModes,
  type CostComparison,
  type CostLine,
  type CostRecommendation,
  type CostReport,
  costReportSchema,
  type ResourceCost,
} from "./cost-report.ts";
export type { DataTableConfig } from "./data/data-config.ts";
export { type DocumentRecord, type DocumentValue, ExactNumber } from "./data/document.ts";
export { defineMigration, type Migration, parseMigration } from "./data/migration.ts";
export {
  type MigrationCounts,
  type MigrationHolder,
  type MigrationRecord,
  migrationRecordSchema,
  type SegmentProgress,
} from "./data/migration-record.ts";
export type { RecordFilter } from "./data/record-filter.ts";
export {
  type AttributeDefinition,
  type AttributeType,
  parseTableDefinition,
  type TableDefinition,
  type ValueDefinition,
} from "./data/table-definition.ts";
export { describeProblems } from "./describe-problems.ts";
export { type DrillReport, drillReportSchema } from "./drill-report.ts";
export { drilledDocuments } from "./drilled-documents.ts";
export { type Evidence, type EvidenceStatus, evidenceSchema } from "./evidence.ts";
export type { FunctionProof, ProofInvocation } from "./function-proof.ts";
export { type ErrorBudget, errorBudgetSchema } from "./incident/error-budget.ts";
export { type GameDayReport, type Grade, gameDayReportSchema } from "./incident/game-day-report.ts";
export { type IncidentConfig, incidentConfigSchema } from "./incident/incident-config.ts";
export { type IncidentItem, type IncidentRole, incidentItems } from "./incident/incident-entries.ts";
export { type IncidentImpact, incidentImpactSchema } from "./incident/incident-impact.ts";
export { type IncidentLookReport, incidentLookReportSchema } from "./incident/incident-look-report.ts";
export {
  type IncidentChange,
  type IncidentList,
  type IncidentReport,
  type IncidentSummary,
  incidentChangeSchema,
  incidentListSchema,
  incidentReportSchema,
} from "./incident/incident-report.ts";
export type { IncidentSignal, SignalKind, SignalResource } from "./incident/incident-signal.ts";
export {
  type IncidentSpreads,
  type IncidentStatistics,
  incidentStatisticsSchema,
} from "./incident/incident-statistics.ts";
export { type Investigation, investigationSchema, type SourceAnswer, type Suspect } from "./incident/investigation.ts";
export {
  type ContributingChange,
  type IncidentChecklistLine,
  type IncidentMark,
  type IncidentSeries,
  type IncidentTimes,
  type Postmortem,
  postmortemSchema,
  type TimelineLine,
} from "./incident/postmortem.ts";
export type { ActionKind, Proposal } from "./incident/proposal.ts";
export { type Severity, severities, severityNames } from "./incident/severity.ts";
export {
  type AcceptedFinding,
  type FindingSeverity,
  type InfrastructureFinding,
  type InfrastructurePolicy,
  type InfrastructureReport,
  infrastructureFindingSchema,
  infrastructureReportSchema,
} from "./infrastructure-findings.ts";
export { type Json, jsonSchema } from "./json.ts";
export { type Orphan, type OrphanReport, orphanReportSchema, type ResourceUse, type ScanGap } from "./orphan-report.ts";
export type { OwnershipRule } from "./orphan-rules.ts";
export { PLACEHOLDER, placeholdersIn } from "./placeholders.ts";
export {
  type FreeAllowance,
  PRICE_IDS,
  PRICE_UNITS,
  type Price,
  type PriceId,
  type PriceTable,
  parsePriceTable,
} from "./price-table.ts";
export { type ChangeCounts, type RehearsalReport, rehearsalReportSchema } from "./rehearsal-report.ts";
export type { ApprovalConfig } from "./release/approval-config.ts";
export {
  type GlassBody,
  type GlassEntry,
  type GlassReport,
  type GlassTarget,
  glassEntrySchema,
} from "./release/break-glass.ts";
export { type CanaryConfig, canaryConfigSchema, type VersionMetric } from "./release/canary-config.ts";
export { type ChecklistConfig, checklistConfigSchema } from "./release/checklist-config.ts";
export { type CheckpointConfig, checkpointConfigSchema } from "./release/checkpoint-config.ts";
export {
  type Holder,
  isOfReleases,
  type LedgerBody,
  type LedgerBodyOf,
  type LedgerEntry,
  ledgerBodySchema,
  ledgerEntrySchema,
  type ReleasedFunction,
} from "./release/ledger-entry.ts";
export { type HeadIncidents, ledgerHeadSchema } from "./release/ledger-head.ts";
export { type Moment, moments, type NotificationConfig } from "./release/notification-config.ts";
export { type PlanGround, type PlannedResource, type PlanSummary, planSummarySchema } from "./release/plan-summary.ts";
export { releaseConfigSchema } from "./release/release-config.ts";
export {
  type AdoptedVersion,
  type PlannedStep,
  type ReleasePlan,
  type ReturnedFunction,
  type RollbackPart,
  type RollsBack,
  releasePlanSchema,
  rollbackParts,
  type StepKind,
  stepKinds,
  type TableRestore,
} from "./release/release-plan.ts";
export { type ReleaseReport, releaseReportSchema } from "./release/release-report.ts";
export { type NotableItem, type RollbackItem, rollbackItems } from "./release/rollback-items.ts";
export { type RollbackPreview, rollbackPreviewSchema } from "./release/rollback-preview.ts";
export type { Actor, SourceRevision } from "./release/source-revision.ts";
export { type MovedAlias, type StepResult, stepResultSchemas } from "./release/step-results.ts";
export type {
  ItemFate,
  UndoRequest,
  UndoSelection,
} from "./release/undo-request.ts";
export { type Waiver, waiverSchema } from "./release/waiver.ts";
export {
  type ResourceService,
  type ResourceType,
  resourceServices,
  resourceTypes,
  resourceTypesByService,
} from "./resource-types.ts";
export {
  defineConfig,
  type EnvironmentConfig,
  type FunctionConfig,
  parseConfig,
  type SlipwayConfig,
  type SlipwayConfigInput,
  slipwayConfigSchema,
} from "./slipway-config.ts";
export type { SmokeResult, SmokeStepResult } from "./smoke-result.ts";
export {
  type SmokeScenario,
  type SmokeScenarioInput,
  type SmokeStep,
  type SmokeThrough,
  smokeScenarioSchema,
} from "./smoke-scenario.ts";
export { type ValidationConfig, validationConfigSchema } from "./validation-config.ts";
export {
  type DeployedFunctionFacts,
  type ErrorCount,
  type MeasuredValue,
  type SignOff,
  type ValidationAlarm,
  type ValidationMeasurements,
  type ValidationMetrics,
  type ValidationProbe,
  type ValidationWindow,
  validationMeasurementsSchema,
} from "./validation-measurements.ts";
export { type ValidationReport, validationReportSchema } from "./validation-report.ts";
export { type Verdict, type VerdictStatus, verdictSchema } from "./verdict.ts";
