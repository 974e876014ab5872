export {
  type CapacityModes,
  type CostComparison,
  type CostLine,
  type CostRecommendation,
  type CostReport,
  costReportSchema,
  type ResourceCost,
} from "./cost-report.ts";
export { describeProblems } from "./describe-problems.ts";
export { type Evidence, type EvidenceStatus, evidenceSchema, evidenceStatusSchema } from "./evidence.ts";
export {
  type AcceptedFinding,
  type FindingSeverity,
  type InfrastructureFinding,
  type InfrastructureFindingId,
  type InfrastructurePolicy,
  type InfrastructureReport,
  infrastructureFindingIds,
  infrastructureFindingSchema,
  infrastructurePolicySchema,
  infrastructureReportSchema,
} from "./infrastructure-findings.ts";
export { type Json, jsonSchema } from "./json.ts";
export {
  type Orphan,
  type OrphanReport,
  orphanReportSchema,
  type ResourceUse,
  type ScanGap,
} from "./orphan-report.ts";
export { type OwnershipRule, orphansConfigSchema } from "./orphan-rules.ts";
export { PLACEHOLDER, placeholdersIn } from "./placeholders.ts";
export {
  type FreeAllowance,
  PRICE_IDS,
  PRICE_UNITS,
  type Price,
  type PriceId,
  type PriceTable,
  parsePriceTable,
  priceTableSchema,
} from "./price-table.ts";
export {
  type ChangeCounts,
  changeCountsSchema,
  type RehearsalReport,
  rehearsalReportSchema,
} from "./rehearsal-report.ts";
export {
  type ResourceService,
  type ResourceType,
  resourceServices,
  resourceTypeSchema,
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
export { type SmokeResult, type SmokeStepResult, smokeResultSchema } from "./smoke-result.ts";
export {
  type SmokeMethod,
  type SmokeScenario,
  type SmokeScenarioInput,
  type SmokeStep,
  smokeScenarioSchema,
} from "./smoke-scenario.ts";
