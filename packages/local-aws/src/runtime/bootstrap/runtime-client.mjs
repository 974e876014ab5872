// Speaks the Lambda Runtime API: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import { Agent, request as httpRequest } from "node:http";

const [hostname, port] = (process.env.AWS_LAMBDA_RUNTIME_API ?? "").split(":");
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Waits for the next invocation: `{ headers, body }`. */
export function nextInvocation() {
  return call("GET", "/invocation/next");
}

/** Answers an invocation. `body` is JSON text. */
export function postResponse(requestId, body) {
  return call("POST", `/invocation/${requestId}/response`, body, memory());
}

/** Fails an invocation. */
export function postError(requestId, response) {
  const headers = { ...memory(), "lambda-runtime-function-error-type": headerText(response.errorType) };
  return call("POST", `/invocation/${requestId}/error`, JSON.stringify(response), headers);
}

/** Says that the function could not be loaded. */
export function postInitError(response) {
  const headers = { "lambda-runtime-function-error-type": headerText(response.errorType) };
  return call("POST", "/init/error", JSON.stringify(response), headers);
}

// Linux tells the supervisor a process's peak memory; elsewhere the process says how much it holds.
function memory() {
  return process.platform === "linux" ? {} : { "local-aws-rss": String(process.memoryUsage.rss()) };
}

function headerText(text) {
  return String(text).replace(/[^\x20-\x7e]/g, "?");
}

function call(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const bytes = body === undefined ? undefined : Buffer.from(body);
    const request = httpRequest(
      {
        method,
        hostname,
        port,
        path: `/2018-06-01/runtime${path}`,
        agent,
        headers: bytes ? { ...headers, "content-type": "application/json", "content-length": bytes.length } : headers,
      },
      (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() }),
        );
      },
    );
    request.on("error", reject);
    request.end(bytes);
  });
}
