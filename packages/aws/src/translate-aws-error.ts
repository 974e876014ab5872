import { type FailureKind, ReleaseError } from "@slipway/release-engine";

export interface AwsCall {
  /** As IAM calls it: `lambda:PublishVersion`. */
  action: string;
  /** What it was about: `the function api-handler-prod`. */
  subject: string;
}

const kinds: Readonly<Record<string, FailureKind>> = {
  PreconditionFailed: "conflict",
  PreconditionFailedException: "conflict",
  ResourceConflictException: "busy",
  ResourceNotFoundException: "not-found",
  TableNotFoundException: "not-found",
  NotFoundException: "not-found",
  NoSuchEntity: "not-found",
  NoSuchEntityException: "not-found",
  QueueDoesNotExist: "not-found",
  "AWS.SimpleQueueService.NonExistentQueue": "not-found",
  NoSuchBucket: "not-found",
  AccessDenied: "denied",
  AccessDeniedException: "denied",
  CredentialsProviderError: "denied",
  ExpiredToken: "denied",
  ExpiredTokenException: "denied",
  InvalidAccessKeyId: "denied",
  InvalidClientTokenId: "denied",
  InvalidSignatureException: "denied",
  SignatureDoesNotMatch: "denied",
  UnrecognizedClientException: "denied",
  ProvisionedThroughputExceededException: "throttled",
  RequestLimitExceeded: "throttled",
  SlowDown: "throttled",
  ThrottlingException: "throttled",
  TooManyRequestsException: "throttled",
  // Somebody's transaction is at work on the record, for some milliseconds: nothing is wrong, and a little later it is taken.
  TransactionConflictException: "throttled",
  TimeoutError: "unreachable",
  ECONNREFUSED: "unreachable",
  ECONNRESET: "unreachable",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  ENOTFOUND: "unreachable",
  EPIPE: "unreachable",
  ETIMEDOUT: "unreachable",
};

const nexts: Readonly<Partial<Record<FailureKind, (call: AwsCall) => string>>> = {
  conflict: () => "find out who else deploys; when they are done, type the same command again",
  busy: () => "wait until the change that is going on has ended, then type the same command again",
  "not-found": () => "apply the infrastructure first, with the same account and region",
  denied: ({ action }) => `check who you are (aws sts get-caller-identity) and that ${action} is allowed`,
  throttled: () => "wait a minute, then type the same command again",
  unreachable: () => "check the network and AWS_ENDPOINT_URL (slipway local status shows whether local AWS runs)",
};

/**
 * Says what an AWS call's error means for a release. What is no answer of AWS and no failure to reach it is a bug, and comes
 * back as it is.
 */
export function translateAwsError(error: unknown, call: AwsCall): unknown {
  if (!(error instanceof Error)) {
    return error;
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  const answer = "$metadata" in error ? metadataOf(error.$metadata) : undefined;
  const isOtherCode = error.name === "InvalidParameterValueException" && /^CodeSHA256\b/.test(error.message);
  const kind =
    (isOtherCode ? "conflict" : kinds[error.name]) ??
    kinds[code] ??
    (answer?.httpStatusCode === undefined ? undefined : "failed");
  if (kind === undefined) {
    return error;
  }
  const request = answer?.requestId === undefined ? "" : ` (request ${answer.requestId})`;
  return new ReleaseError(
    {
      kind,
      what: `${call.action} failed for ${call.subject}`,
      why: `${error.name}: ${error.message === "" ? code : error.message}${request}`,
      next: nexts[kind]?.(call) ?? "correct what AWS names, then type the same command again",
    },
    { cause: error },
  );
}

function metadataOf(metadata: unknown): { httpStatusCode?: number; requestId?: string } {
  return typeof metadata === "object" && metadata !== null ? metadata : {};
}
