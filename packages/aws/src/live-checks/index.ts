export { AwsLiveChecks } from "./aws-live-checks.ts";
export { createLiveClients } from "./live-clients.ts";
