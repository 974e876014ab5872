import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { AwsClientOptions } from "../create-aws-clients.ts";
import { requestHandler } from "../request-handler.ts";

/** A client of CloudWatch for who reads metrics, alarms and dashboards. */
export function createCloudWatchClient({ region, endpoint, credentials }: AwsClientOptions): CloudWatchClient {
  const url = endpoint ?? process.env.AWS_ENDPOINT_URL;
  return new CloudWatchClient({
    region,
    ...(url === undefined || url === "" ? {} : { endpoint: url }),
    ...(credentials === undefined ? {} : { credentials }),
    requestHandler: requestHandler(),
  });
}
