export {
  type ApplyInfrastructureOptions,
  type ApplyInfrastructurePorts,
  applyInfrastructure,
  type InfrastructureResult,
} from "./apply-infrastructure.ts";
export { assertNotInterrupted } from "./assert-not-interrupted.ts";
export { fetchHttpClient } from "./fetch-http-client.ts";
export { loadConfig } from "./load-config.ts";
export { outputText } from "./output-text.ts";
export { type Artifact, packageFunction } from "./package-function.ts";
export type { ArtifactObject, ArtifactStore } from "./ports/artifact-store.ts";
export type { Clock } from "./ports/clock.ts";
export type { AliasState, CodeChange, FunctionDeployer, FunctionReader, FunctionState } from "./ports/functions.ts";
export type { HttpClient, HttpRequest, HttpResponse } from "./ports/http-client.ts";
export type { Progress, ProgressEvent } from "./ports/progress.ts";
export type {
  Terraform,
  TerraformApplyRequest,
  TerraformInit,
  TerraformOutputs,
  TerraformPlan,
  TerraformPlanRequest,
  TerraformWorkspace,
} from "./ports/terraform.ts";
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
export { type Wait, waitUntil } from "./wait-until.ts";
