export type { UsedAccess } from "./authorization/access-usage.ts";
export type { Supposition } from "./authorization/create-authorizer.ts";
export type { AccessDecision } from "./core/access.ts";
export { ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "./core/credentials.ts";
export { isAlive, resetDataFolder, type Snapshot } from "./data-folder.ts";
export { DEFAULT_PORT, DEFAULT_REGION } from "./defaults.ts";
export type { Health, ServiceCoverage } from "./endpoint/control-api.ts";
export { CONTROL_PREFIX } from "./endpoint/control-prefix.ts";
export {
  AWS_AUDIENCE,
  type GithubJob,
  githubTokenRequest,
} from "./issuer/github-token-request.ts";
export { type LocalAws, type LocalAwsOptions, startLocalAws } from "./start-local-aws.ts";
export { tryLock } from "./store/try-lock.ts";
export { FAULT_KINDS, type FaultRequest, type FaultRule } from "./wire/faults.ts";
export type { RequestLogEntry } from "./wire/request-log.ts";
