import { IAMClient } from "@aws-sdk/client-iam";
import { type AwsClientOptions, clientSettings } from "../client-settings.ts";

/** A client of IAM, for who manages roles. */
export function createIamClient(options: AwsClientOptions): IAMClient {
  return new IAMClient(clientSettings(options));
}
