import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { type AwsClientOptions, clientSettings } from "../client-settings.ts";

/** A client of CloudWatch for who reads metrics, alarms and dashboards. */
export function createCloudWatchClient(options: AwsClientOptions): CloudWatchClient {
  return new CloudWatchClient(clientSettings(options));
}
