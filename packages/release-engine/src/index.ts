export { type AnalyzeCostsOptions, type AnalyzeCostsPorts, analyzeCosts } from "./analyze-costs.ts";
export {
  type ApplyInfrastructureOptions,
  type ApplyInfrastructurePorts,
  applyInfrastructure,
  type InfrastructureResult,
} from "./apply-infrastructure.ts";
export { assertNotInterrupted } from "./assert-not-interrupted.ts";
export { type ChosenPrices, choosePrices, type PriceChoice } from "./choose-prices.ts";
export {
  type DestroyEnvironmentOptions,
  type DestroyEnvironmentPorts,
  type DestructionResult,
  destroyEnvironment,
} from "./destroy-environment.ts";
export { fetchHttpClient } from "./fetch-http-client.ts";
export { type FindOrphansOptions, type FindOrphansPorts, findOrphans, typesToScan } from "./find-orphans.ts";
export { loadConfig } from "./load-config.ts";
export { outputText } from "./output-text.ts";
export { type Artifact, packageFunction } from "./package-function.ts";
export type { ArtifactObject, ArtifactStore } from "./ports/artifact-store.ts";
export type { Clock } from "./ports/clock.ts";
export type { AliasState, CodeChange, FunctionDeployer, FunctionReader, FunctionState } from "./ports/functions.ts";
export type { HttpClient, HttpRequest, HttpResponse } from "./ports/http-client.ts";
export type { ResourcePage, ResourceScanner, ResourceUseReader } from "./ports/inventory.ts";
export type { LiveChecks, LiveFinding } from "./ports/live-checks.ts";
export type { PriceList, PublishedPrices } from "./ports/price-list.ts";
export type { Progress, ProgressEvent } from "./ports/progress.ts";
export type { TableBackups, TableInspector } from "./ports/tables.ts";
export type {
  Terraform,
  TerraformApplyRequest,
  TerraformInit,
  TerraformOutputs,
  TerraformPlan,
  TerraformPlanRequest,
  TerraformWorkspace,
} from "./ports/terraform.ts";
export type { StateResource, StateSource, TerraformState } from "./ports/terraform-states.ts";
export type { UsageQuestion, UsageReader } from "./ports/usage-reader.ts";
export {
  artifactKey,
  type CodeResult,
  type PublishedVersion,
  type ReleaseCodeOptions,
  type ReleaseCodePorts,
  releaseCode,
} from "./release-code.ts";
export { type Failure, type FailureKind, ReleaseError } from "./release-error.ts";
export { type PhaseResult, runPhase } from "./run-phase.ts";
export { runSmokeTests, type SmokeOptions, type SmokePorts } from "./run-smoke-tests.ts";
export { Sensitive } from "./sensitive.ts";
export { systemClock } from "./system-clock.ts";
export {
  type TerraformOutputValues,
  type ValidateDeploymentOptions,
  type ValidateDeploymentPorts,
  validateDeployment,
} from "./validate-deployment.ts";
export { type Wait, waitUntil } from "./wait-until.ts";
