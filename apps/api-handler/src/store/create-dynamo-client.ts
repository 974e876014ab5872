import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/**
 * The client for the items table; made once per execution environment, so that its connections are used again.
 *
 * A slow answer is given up and asked for again well before API Gateway gives up on the function: three attempts of
 * at most 2 s. DynamoDB usually answers in single-digit milliseconds.
 * The endpoint, region and credentials come from the environment (`AWS_ENDPOINT_URL`, `AWS_REGION`, the role).
 */
export function createDynamoClient(): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 3,
    retryMode: "standard",
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  });
}
