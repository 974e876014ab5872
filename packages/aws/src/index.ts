export { apiUrlAt } from "./api-url-at.ts";
export { type BuildOptions, buildFunction } from "./build-function.ts";
export { type AwsClientOptions, type AwsClients, createAwsClients } from "./create-aws-clients.ts";
export { LambdaFunctionDeployer } from "./lambda-function-deployer.ts";
export { type LocalAwsAccess, localAwsEnvironment } from "./local-aws-environment.ts";
export { S3ArtifactStore } from "./s3-artifact-store.ts";
export type { StateLock } from "./terraform/state-lock.ts";
export { TerraformCli, type TerraformCliOptions } from "./terraform/terraform-cli.ts";
export {
  type PreparedRoot,
  prepareWorkingCopy,
  type WorkingCopy,
  type WorkingCopyOptions,
  type WorkingCopyRoot,
} from "./working-copy/prepare-working-copy.ts";
