// The process of one execution environment: loads the handler, then runs one invocation after the other.
// Started by execution-environment.ts, with these pipes beside the standard ones: 3 from local AWS (a byte says go, its end
// says that local AWS is gone), 4 to local AWS (log lines).
import { readSync } from "node:fs";
import { Socket } from "node:net";
import { logFailure, patchConsole, setRequestId } from "./console.mjs";
import { errorRecord, errorResponse, RuntimeFault, unhandledRejection } from "./errors.mjs";
import { loadHandler } from "./load-handler.mjs";
import { nextInvocation, postError, postInitError, postResponse } from "./runtime-client.mjs";

const CONTROL_FD = 3;
const major = Number(process.versions.node.split(".")[0]);
const exit = process.exit.bind(process);

// No user code runs before local AWS has told its reaper about this process.
if (readSync(CONTROL_FD, Buffer.alloc(1)) === 0) {
  exit(0);
}
const control = new Socket({ fd: CONTROL_FD, readable: true, writable: false });
control.on("end", () => exit(0)).on("error", () => exit(0));
control.resume();
control.unref();

/** What to do when nothing is left to wait for: the handler's callback, or nobody, may have been waiting for that. */
let whenIdle;
process.on("beforeExit", () => {
  const run = whenIdle;
  whenIdle = undefined;
  run?.();
});

/** How a crash is reported: of the initialization at first, then of the invocation that runs. */
let crash = (response) => postInitError(response);
process.on("uncaughtException", (error) => crashed("Uncaught Exception", error, 129));
process.on("unhandledRejection", (reason) => crashed("Unhandled Promise Rejection", unhandledRejection(reason), 128));

function crashed(title, error, code) {
  whenIdle = undefined;
  logFailure(title, errorRecord(error));
  crash(errorResponse(error)).then(
    () => exit(code),
    () => exit(code),
  );
}

globalThis.awslambda = {
  streamifyResponse() {
    throw new Error("Local AWS does not stream responses: awslambda.streamifyResponse is not supported.");
  },
};
patchConsole();

loadHandler(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER, major).then(
  (handler) => work(handler),
  (error) => crashed("Uncaught Exception", error, 1),
);

function work(handler) {
  nextInvocation().then(
    ({ headers, body }) => run(handler, headers, body),
    () => exit(0),
  );
}

function run(handler, headers, body) {
  const requestId = headers["lambda-runtime-aws-request-id"];
  setRequestId(requestId);
  if (headers["lambda-runtime-trace-id"]) {
    process.env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"];
  }
  let settled = false;
  const settle = (post) => {
    if (!settled) {
      settled = true;
      whenIdle = undefined;
      post().then(
        () => work(handler),
        () => exit(0),
      );
    }
  };
  const fail = (error) =>
    settle(() => {
      logFailure("Invoke Error", errorRecord(error));
      return postError(requestId, errorResponse(error));
    });
  const succeed = (result) => {
    let text;
    try {
      text = JSON.stringify(result === undefined ? null : result) ?? "null";
    } catch {
      fail(new Error("Unable to stringify response body"));
      return;
    }
    settle(() => postResponse(requestId, text));
  };
  crash = (response) => {
    settled = true;
    return postError(requestId, response);
  };

  let waitForEmptyLoop = true;
  const callback = (error, result) => {
    if (error !== undefined && error !== null) {
      fail(error);
    } else if (waitForEmptyLoop) {
      whenIdle = () => succeed(result);
    } else {
      succeed(result);
    }
  };
  const context = invocationContext(headers, requestId, {
    get: () => waitForEmptyLoop,
    set: (value) => {
      waitForEmptyLoop = value;
    },
    done: (error, result) => (error === undefined || error === null ? succeed(result) : fail(error)),
  });

  try {
    const event = JSON.parse(body);
    const result = major >= 24 ? handler(event, context) : handler(event, context, callback);
    if (typeof result?.then === "function") {
      whenIdle ??= () =>
        fail(
          new RuntimeFault(
            "Runtime.NodeJsExit",
            "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes",
          ),
        );
      result.then(succeed, fail);
    } else if (major >= 24) {
      succeed(result);
    } else {
      whenIdle ??= () => succeed(null);
    }
  } catch (error) {
    fail(error);
  }
}

function invocationContext(headers, requestId, completion) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parsed(headers["lambda-runtime-client-context"]),
    identity: parsed(headers["lambda-runtime-cognito-identity"]),
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  if (major >= 24) {
    return context;
  }
  const { get, set } = completion;
  Object.defineProperty(context, "callbackWaitsForEmptyEventLoop", { get, set, enumerable: true, configurable: true });
  context.done = completion.done;
  context.succeed = (result) => completion.done(null, result);
  context.fail = (error) => completion.done(error ?? "handled");
  return context;
}

function parsed(json) {
  return json === undefined ? undefined : JSON.parse(json);
}
