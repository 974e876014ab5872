/** What an execution environment runs: one version of a function, with the code and configuration that it had. */
export interface FunctionSpec {
  /** Changes whenever code or configuration change, so that no environment outlives what it was made for. */
  readonly id: string;
  readonly functionName: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  /** `nodejs22.x`. */
  readonly runtime: string;
  readonly handler: string;
  readonly memorySizeMb: number;
  readonly timeoutSeconds: number;
  readonly roleArn: string;
  /** The function's own variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** SHA-256 of the deployment package, in base64. */
  readonly codeSha256: string;
  /** The deployment package itself, read when its code has not been unpacked yet. */
  readonly readPackage: () => Uint8Array;
  readonly logging: {
    readonly group: string;
    readonly format: "Text" | "JSON";
    readonly applicationLevel?: string;
    readonly systemLevel?: string;
  };
}

/** One invocation, as an execution environment gets it. */
export interface Invocation {
  readonly requestId: string;
  readonly payload: Uint8Array;
  /** The ARN that the caller used, with its qualifier. */
  readonly invokedFunctionArn: string;
  /** JSON text. */
  readonly clientContext?: string;
  readonly traceId: string;
}

/** What came of an invocation. */
export interface InvocationOutcome {
  /** The handler's answer, or an error in AWS's shape. */
  readonly payload: Uint8Array;
  /** Set when the function failed: `TypeError`, `Runtime.ExitError`, `Sandbox.Timedout`... */
  readonly errorType?: string;
  readonly durationMs: number;
  /** The last 4 KB of the invocation's log. */
  readonly logTail: string;
}
