export { adoptionNotes } from "./adoption/adoption-notes.ts";
export { type DetectedRepository, detectRepository, type NothingDetected } from "./adoption/detect-repository.ts";
export { proposeConfig, proposedLife } from "./adoption/propose-config.ts";
export type { RecordLife } from "./adoption/record-life.ts";
export type { RepositoryFiles } from "./adoption/repository-files.ts";
export type { UnreadFile } from "./adoption/terraform-module.ts";
export { type BackupFacts, backupVerdict, judgeBackup, type TableStructure } from "./backups/judge-backup.ts";
export { compareCostReports } from "./costs/compare-cost-reports.ts";
export { judgeCosts } from "./costs/judge-costs.ts";
export { PRICED_REGIONS, priceTableOf } from "./costs/price-table-of.ts";
export type {
  AlarmUsage,
  BucketUsage,
  CapacityPoint,
  CapacitySeries,
  FunctionUsage,
  KeyUsage,
  Measured,
  ObservedUsage,
  ResourceUsage,
  RestApiUsage,
  TableUsage,
  TimeWindow,
} from "./costs/usage.ts";
export {
  confirmationFor,
  type DestructionPolicy,
  judgeDestruction,
  type TableAtStake,
} from "./destruction/judge-destruction.ts";
export { cutText } from "./errors/cut-text.ts";
export { type ErrorFingerprint, errorFingerprint } from "./errors/error-fingerprint.ts";
export { newFingerprints } from "./errors/new-fingerprints.ts";
export {
  type HclBlock,
  type HclObject,
  type HclScope,
  type HclValue,
  UNKNOWN,
} from "./hcl/hcl-value.ts";
export { readHcl } from "./hcl/read-hcl.ts";
export type { StageHistory, StagePeriod } from "./incidents/earlier-days.ts";
export { risenFrom } from "./incidents/earlier-days-signals.ts";
export type { EnvironmentChange } from "./incidents/environment-change.ts";
export {
  groupSignals,
  haveOneCause,
  type IncidentTopic,
  type SignalGroup,
  topicOf,
} from "./incidents/group-signals.ts";
export {
  type AlarmMeasurement,
  type AlarmMetric,
  type Dependencies,
  type ErrorCategory,
  type FunctionMeasurement,
  type IncidentMeasurements,
  type LoggedError,
  type LogMeasurement,
  type MemoryMeasurement,
  nodeOf,
  type OperationsMeasurement,
  type ProbeMeasurement,
  type RisenLatency,
  type Rollout,
  type StageMeasurement,
  type TableMeasurement,
  type VersionMinute,
} from "./incidents/incident-measurements.ts";
export { isSeenOverWindow } from "./incidents/is-seen-over-window.ts";
export { isStillLogged } from "./incidents/is-still-logged.ts";
export { judgeRecovery } from "./incidents/judge-recovery.ts";
export { judgeSeverity } from "./incidents/judge-severity.ts";
export { judgeSignals } from "./incidents/judge-signals.ts";
export { kindOfError } from "./incidents/kind-of-error.ts";
export { rankSuspects, type Suspicion } from "./incidents/rank-suspects.ts";
export type { Symptoms, VersionCalls } from "./incidents/symptoms.ts";
export { type UnknownSource, unknownSources } from "./incidents/unknown-sources.ts";
export { whyOutOfSight } from "./incidents/why-out-of-sight.ts";
export { acceptFindings } from "./infrastructure-policy/accept-findings.ts";
export { byRisk, findingName, stopsPlan } from "./infrastructure-policy/gate.ts";
export { JsonPicker } from "./infrastructure-policy/json-picker.ts";
export { judgeGround } from "./infrastructure-policy/judge-ground.ts";
export { judgePlan, judgeResources, settleFindings } from "./infrastructure-policy/judge-plan.ts";
export { judgePolicy } from "./infrastructure-policy/judge-policy.ts";
export { PlanReader, type PlanReading, type ProviderBlock } from "./infrastructure-policy/plan-reader.ts";
export type { AppliedResource } from "./infrastructure-policy/resource-view.ts";
export { settleChanges } from "./infrastructure-policy/settle-changes.ts";
export type { FoundResource } from "./orphans/found-resource.ts";
export { matchesGlob } from "./orphans/matches-glob.ts";
export { type OwnershipFacts, OwnershipJudge } from "./orphans/ownership-judge.ts";
export { type CostOf, reportOrphans } from "./orphans/report-orphans.ts";
export { resourceKey } from "./orphans/resource-key.ts";
export { shellQuote } from "./orphans/shell-quote.ts";
export { standingCost } from "./orphans/standing-cost.ts";
export { StateOwnership } from "./orphans/state-ownership.ts";
export { IDLE_DAYS } from "./orphans/use-of.ts";
export { combineVerdicts } from "./verdicts/combine-verdicts.ts";
export { compareLatencies, type LatencyCounts } from "./verdicts/compare-latencies.ts";
export { compareLatencySamples, type LatencySamples } from "./verdicts/compare-latency-samples.ts";
export { compareRates, type RateComparison } from "./verdicts/compare-rates.ts";
export { judgeExpectedRange } from "./verdicts/judge-expected-range.ts";
export { judgeRate } from "./verdicts/judge-rate.ts";
export { judgeSpike } from "./verdicts/judge-spike.ts";
export { judgeStability } from "./verdicts/judge-stability.ts";
export { type LatencyQuantiles, type LatencyThreshold, latencyThresholds } from "./verdicts/latency-thresholds.ts";
export type { ComparisonWords, RatePair, RateSample } from "./verdicts/rate-sample.ts";
