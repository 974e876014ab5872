import { type RequestHandlerSettings, type RequestTimes, requestHandler } from "./request-handler.ts";

interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** Which AWS is asked, and by whom. */
export interface AwsClientOptions {
  region: string;
  /** URL of another AWS than the real one; `AWS_ENDPOINT_URL` of `env` unless given. */
  endpoint?: string | undefined;
  /** Without them the SDK looks where it always does: environment, profile, role. A function is asked again before they expire. */
  credentials?: AwsCredentials | (() => Promise<AwsCredentials & { expiration?: Date }>) | undefined;
}

/** What a client of the SDK is made with. */
export interface ClientSettings {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: NonNullable<AwsClientOptions["credentials"]>;
  readonly requestHandler: RequestHandlerSettings;
}

/** The settings that all clients of AWS have in common. */
export function clientSettings(options: AwsClientOptions, times?: RequestTimes): ClientSettings {
  const { region, credentials } = options;
  const endpoint = options.endpoint ?? process.env.AWS_ENDPOINT_URL;
  return {
    region,
    ...(endpoint === undefined || endpoint === "" ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    requestHandler: requestHandler(times),
  };
}
