export { AwsUsageReader } from "./aws-usage-reader.ts";
