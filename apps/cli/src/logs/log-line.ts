export const LOG_LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** An error that a line tells of. */
export interface LoggedError {
  readonly name?: string;
  readonly message?: string;
  /** One frame a line, without the error's own name and message. */
  readonly stack?: string;
}

/** What Lambda measured of an invocation, or of an initialization that failed. Milliseconds and megabytes. */
export interface LambdaReport {
  readonly durationMs?: number;
  readonly billedMs?: number;
  readonly memorySizeMb?: number;
  readonly maxMemoryUsedMb?: number;
  /** Of a cold start. */
  readonly initMs?: number;
  /** `timeout`, `error`; absent for success. */
  readonly status?: string;
  readonly errorType?: string;
}

interface LineFacts {
  readonly level?: LogLevel;
  readonly requestId?: string;
  /** Version of the function, where the line says it. */
  readonly version?: string;
}

/** What a line of a log says. */
export type LogLine = LineFacts &
  (
    | {
        /** One request: of a function that writes such lines, or of an API's access log. */
        readonly kind: "request";
        readonly status: number;
        readonly operation?: string;
        readonly method?: string;
        readonly path?: string;
        readonly durationMs?: number;
        readonly isColdStart: boolean;
        /** What the API itself says of it; not what the function does. */
        readonly message?: string;
        readonly error?: undefined;
      }
    | {
        /** Anything that a program wrote for people. */
        readonly kind: "message";
        readonly message: string;
        readonly operation?: string;
        readonly method?: string;
        readonly path?: string;
        readonly error?: LoggedError;
        /** The other fields of a JSON line. */
        readonly details?: Readonly<Record<string, unknown>>;
      }
    | { readonly kind: "report"; readonly report: LambdaReport; readonly error?: undefined }
    /** Beginning and end of an invocation: nothing that the report does not say. */
    | { readonly kind: "boundary"; readonly error?: undefined }
    /** None of these. */
    | { readonly kind: "text"; readonly message: string; readonly error?: undefined }
  );
