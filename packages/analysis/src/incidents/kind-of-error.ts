/** What an error speaks of. */
export type ErrorKind =
  /** The code does what it should not: `TypeError`. */
  | "code"
  /** It took too long, and Lambda broke it off. */
  | "timeout"
  | "memory"
  /** There was no room for it: capacity, concurrency, a limit of requests. */
  | "throttled"
  /** It may not do that. */
  | "denied"
  /** Something that it needs is not there. */
  | "missing"
  /** Somebody else does not answer, or answers that it cannot. */
  | "network"
  /** Something that was read, or was to be written, is not what it should be. */
  | "data";

const rules: readonly (readonly [kind: ErrorKind, words: RegExp])[] = [
  ["memory", /outofmemory|heap out of memory|\bSIGKILL\b|ERR_WORKER_OUT_OF_MEMORY/i],
  [
    "denied",
    /access ?denied|not authorized|unauthorizedoperation|\bforbidden\b|InvalidSignature|ExpiredToken|UnrecognizedClient/i,
  ],
  [
    "throttled",
    /throttl|ProvisionedThroughputExceeded|TooManyRequests|RequestLimitExceeded|LimitExceeded|no capacity|rate exceeded|\b429\b/i,
  ],
  [
    "missing",
    /ResourceNotFound|NoSuch(?:Bucket|Key|Entity)|NotFoundException|Cannot find module|ImportModuleError|HandlerNotFound|is not set|missing environment/i,
  ],
  [
    "network",
    /ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|socket hang up|fetch failed|ServiceUnavailable|StoreUnavailable|InternalServer|InternalFailure|NetworkingError|TimeoutError|Bad ?Gateway|upstream|\b50[234]\b|unreachable|cannot be reached/i,
  ],
  ["timeout", /timed? ?out/i],
  [
    "data",
    /ValidationException|SerializationException|unmarshal|deseriali|in JSON|JSON at position|corrupt|schema|ZodError|checksum|not a valid/i,
  ],
];

/** What an error of the logs speaks of, by its class and, where that says nothing, by its words. */
export function kindOfError(errorClass: string, message: string): ErrorKind {
  const byClass = rules.find(([, words]) => words.test(errorClass));
  return (byClass ?? rules.find(([, words]) => words.test(message)))?.[0] ?? "code";
}
