export { ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "./core/credentials.ts";
export { type Instance, isAlive, readInstance, type Snapshot } from "./data-folder.ts";
export { CONTROL_PREFIX, type Health, type ServiceCoverage } from "./endpoint/control-api.ts";
export {
  DEFAULT_ACCOUNT_ID,
  DEFAULT_PORT,
  DEFAULT_REGION,
  isExpectedFailure,
  type LocalAws,
  LocalAwsError,
  type LocalAwsOptions,
  startLocalAws,
} from "./start-local-aws.ts";
export { StoreError } from "./store/store.ts";
export { FAULT_KINDS, type FaultKind, type FaultRequest, type FaultRule } from "./wire/faults.ts";
export type { RequestLogEntry } from "./wire/request-log.ts";
