import { devNull } from "node:os";

export interface LocalAwsAccess {
  /** URL of local AWS. */
  endpoint: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/**
 * An environment in which every AWS client, whatever its language, talks to local AWS and to nothing else: nothing of the
 * developer's own AWS configuration gets in, no profile, no session, no credentials file.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
export function localAwsEnvironment(env: NodeJS.ProcessEnv, access: LocalAwsAccess): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(([name]) => !name.startsWith("AWS_"));
  const loopback = "127.0.0.1,localhost,.localhost";
  const noProxy = env.NO_PROXY ?? env.no_proxy;
  const direct = noProxy === undefined || noProxy === "" ? loopback : `${noProxy},${loopback}`;
  return {
    ...Object.fromEntries(others),
    AWS_ENDPOINT_URL: access.endpoint,
    AWS_REGION: access.region,
    AWS_DEFAULT_REGION: access.region,
    AWS_ACCESS_KEY_ID: access.accessKeyId,
    AWS_SECRET_ACCESS_KEY: access.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_PAGER: "",
    NO_PROXY: direct,
    no_proxy: direct,
  };
}
