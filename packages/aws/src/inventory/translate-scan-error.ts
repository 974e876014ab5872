import { ReleaseError } from "@slipway/release-engine";
import { type AwsCall, translateAwsError } from "../translate-aws-error.ts";

/**
 * What services call it when they throttle. Each has its own word for it.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/throttling.html and the common errors of each service
 */
const throttles = new Set([
  "BandwidthLimitExceeded",
  "LimitExceededException",
  "PriorRequestNotComplete",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "Throttled",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
]);

const tooManyRequests = 429;

/** As {@link translateAwsError}, and every service's word for throttling is `throttled`. */
export function translateScanError(error: unknown, call: AwsCall): unknown {
  if (error instanceof Error && (throttles.has(error.name) || statusOf(error) === tooManyRequests)) {
    return new ReleaseError(
      {
        kind: "throttled",
        what: `${call.action} failed for ${call.subject}`,
        why: `${error.name}: ${error.message}`,
        next: "wait a minute, or scan one service at a time, then type the same command again",
      },
      { cause: error },
    );
  }
  const translated = translateAwsError(error, call);
  // The SDK's own time limit for a connection or an answer, and what Node says when a connection breaks off.
  return translated === error && error instanceof Error && /^(TimeoutError|AbortError)$/.test(error.name)
    ? new ReleaseError(
        {
          kind: "unreachable",
          what: `${call.action} failed for ${call.subject}`,
          why: `${error.name}: ${error.message}`,
          next: "check the network and AWS_ENDPOINT_URL, then type the same command again",
        },
        { cause: error },
      )
    : translated;
}

function statusOf(error: Error): number | undefined {
  const metadata = "$metadata" in error ? error.$metadata : undefined;
  return typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata
    ? Number(metadata.httpStatusCode)
    : undefined;
}
