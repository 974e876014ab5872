import { InvokeCommand, type InvokeCommandOutput, LambdaClient } from "@aws-sdk/client-lambda";
import { type FunctionAnswer, type FunctionInvoker, ReleaseError } from "@slipway/release-engine";
import { type AwsClientOptions, clientSettings } from "./client-settings.ts";
import { translateAwsError } from "./translate-aws-error.ts";

/** Lambda's longest run, and a little for the way. The request's own timeout is shorter. */
const requestTimeout = 910_000;
/** How often it is asked in all where Lambda has not run the function. */
const MOST_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 200;

/**
 * Invokes functions on Lambda.
 *
 * An invocation that was refused before the function ran is asked again. One whose answer was lost is not: the function may have run, and
 * whether it may run twice knows only who asks.
 */
export class LambdaInvoker implements FunctionInvoker {
  readonly #lambda: LambdaClient;

  constructor(options: AwsClientOptions) {
    this.#lambda = new LambdaClient({
      ...clientSettings(options, { requestTimeout }),
      // The SDK would repeat after a lost answer, too.
      maxAttempts: 1,
    });
  }

  async invoke({
    functionName,
    version,
    payload,
    timeoutMs,
  }: Parameters<FunctionInvoker["invoke"]>[0]): Promise<FunctionAnswer> {
    const request = new InvokeCommand({
      FunctionName: functionName,
      Qualifier: version,
      Payload: Buffer.from(payload),
    });
    const endsAt = AbortSignal.timeout(timeoutMs);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return toAnswer(await this.#lambda.send(request, { abortSignal: endsAt }));
      } catch (error) {
        if (endsAt.aborted) {
          throw timedOut(functionName, version, timeoutMs, error);
        }
        const subject = `version ${version} of ${functionName}`;
        const failure = translateAwsError(error, { action: "lambda:InvokeFunction", subject });
        const wasNotRun = failure instanceof ReleaseError && (failure.kind === "throttled" || isStillStarting(error));
        if (!wasNotRun || attempt === MOST_ATTEMPTS) {
          throw failure;
        }
        await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1), endsAt);
      }
    }
  }

  /** Closes the connections. */
  close(): void {
    this.#lambda.destroy();
  }
}

function toAnswer({ Payload, FunctionError }: InvokeCommandOutput): FunctionAnswer {
  return {
    payload: Payload === undefined ? "null" : Buffer.from(Payload).toString("utf8"),
    ...(FunctionError === undefined ? {} : { functionError: FunctionError }),
  };
}

/** The version is being made ready, or woken up. */
function isStillStarting(error: unknown): boolean {
  return error instanceof Error && /^(ResourceNotReady|ResourceConflict|KMSInvalidState)Exception$/.test(error.name);
}

function timedOut(functionName: string, version: string, timeoutMs: number, cause: unknown): ReleaseError {
  return new ReleaseError(
    {
      kind: "timeout",
      what: `Version ${version} of ${functionName} did not answer in time`,
      why: `no answer within ${timeoutMs / 1000} s`,
      next: "look into the function's log",
    },
    { cause },
  );
}

/** Ends early with the signal. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}
