/** How long the clients of AWS wait, in milliseconds. */
export interface RequestTimes {
  /** For a connection; 5 s unless given. */
  readonly connectionTimeout?: number;
  /** From the request, with its body, to the beginning of the answer; 30 s unless given. */
  readonly requestTimeout?: number;
}

/** How a client of the SDK sends its requests. */
export interface RequestHandlerSettings extends Required<RequestTimes> {
  readonly throwOnRequestTimeout: true;
}

const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * The `requestHandler` of every client of AWS. Who does not answer in time is an error, `unreachable` once it is translated: left to
 * itself the SDK only writes a warning, and a release would wait for ever.
 *
 * @see https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/Package/-smithy-node-http-handler/Interface/NodeHttpHandlerOptions/
 */
export function requestHandler({
  connectionTimeout = CONNECTION_TIMEOUT_MS,
  requestTimeout = REQUEST_TIMEOUT_MS,
}: RequestTimes = {}): RequestHandlerSettings {
  return { connectionTimeout, requestTimeout, throwOnRequestTimeout: true };
}
