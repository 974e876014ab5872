import { ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "@slipway/local-aws";

/** The variables that point AWS CLI, SDKs and Terraform at a local AWS, as its root user. */
export function localEnvironment(endpoint: string, region: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: ROOT_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY: ROOT_SECRET_ACCESS_KEY,
    AWS_SESSION_TOKEN: "",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // Without this, a machine without a profile waits for an instance's metadata that is not there.
    AWS_EC2_METADATA_DISABLED: "true",
    // `aws logs start-live-tail` would ask the host `stream-127.0.0.1`, which nobody can find.
    AWS_DISABLE_HOST_PREFIX_INJECTION: "true",
  };
}
