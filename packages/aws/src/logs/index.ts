export { AwsLogsReader } from "./aws-logs-reader.ts";
