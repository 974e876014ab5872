import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Invocation } from "./function-spec.ts";

/** Largest answer of an invocation: 6 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_RESPONSE_BYTES = 6_291_556;

/** What the process of an execution environment says over the Runtime API. */
export interface RuntimeApiEvents {
  /** It asks for the next invocation: it is initialized, or done with the one before. */
  onNext(): void;
  onResponse(requestId: string, payload: Uint8Array, residentBytes: number): void;
  onError(requestId: string, payload: Uint8Array, errorType: string, residentBytes: number): void;
  onInitError(payload: Uint8Array, errorType: string): void;
}

/** The Runtime API of one execution environment. */
export interface RuntimeApi {
  /** `127.0.0.1:port`, for `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  /** Answers the request for the next invocation that is waiting. */
  give(invocation: Invocation, deadlineMs: number): void;
  close(): void;
}

const PREFIX = "/2018-06-01/runtime";
const ANSWER_PATH = /^\/invocation\/([^/]+)\/(response|error)$/;
const JSON_TYPE = { "Content-Type": "application/json" };

/**
 * Serves the Lambda Runtime API on a free loopback port. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function serveRuntimeApi(events: RuntimeApiEvents): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined;

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url?.startsWith(PREFIX) ? request.url.slice(PREFIX.length) : "";
    if (request.method === "GET" && path === "/invocation/next") {
      waiting = response;
      events.onNext();
      return;
    }
    const body = await readBody(request);
    const errorType = String(request.headers["lambda-runtime-function-error-type"] ?? "Unhandled");
    const residentBytes = Number(request.headers["local-aws-rss"] ?? 0);
    const [, requestId, what] = ANSWER_PATH.exec(path) ?? [];
    if (request.method === "POST" && path === "/init/error") {
      accept(response);
      events.onInitError(body, errorType);
    } else if (request.method === "POST" && requestId !== undefined && what === "error") {
      accept(response);
      events.onError(requestId, body, errorType, residentBytes);
    } else if (request.method === "POST" && requestId !== undefined && body.length > MAX_RESPONSE_BYTES) {
      const tooLarge = {
        errorType: "Function.ResponseSizeTooLarge",
        errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
      };
      refuse(response, 413, tooLarge);
      events.onError(requestId, Buffer.from(JSON.stringify(tooLarge)), tooLarge.errorType, residentBytes);
    } else if (request.method === "POST" && requestId !== undefined) {
      // The caller gets its answer before the function's process gets its acknowledgement.
      events.onResponse(requestId, body, residentBytes);
      accept(response);
    } else {
      refuse(response, 404, {
        errorType: "Runtime.UnknownPath",
        errorMessage: `The Runtime API of local AWS has no ${request.method} ${request.url}.`,
      });
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.destroy());
  });
  // The function waits for its next invocation for as long as it takes.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  const port = await listen(server);

  return {
    address: `127.0.0.1:${port}`,
    give(invocation, deadlineMs) {
      const response = waiting;
      waiting = undefined;
      response?.writeHead(200, {
        ...JSON_TYPE,
        "Content-Length": invocation.payload.length,
        "Lambda-Runtime-Aws-Request-Id": invocation.requestId,
        "Lambda-Runtime-Deadline-Ms": String(deadlineMs),
        "Lambda-Runtime-Invoked-Function-Arn": invocation.invokedFunctionArn,
        "Lambda-Runtime-Trace-Id": invocation.traceId,
        ...(invocation.clientContext === undefined
          ? {}
          : { "Lambda-Runtime-Client-Context": asciiJson(invocation.clientContext) }),
      });
      response?.end(invocation.payload);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      server.unref();
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Uint8Array);
  }
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
}

function accept(response: ServerResponse): void {
  response.writeHead(202, JSON_TYPE).end('{"status":"OK"}');
}

function refuse(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, JSON_TYPE).end(JSON.stringify(body));
}

/** Headers carry bytes, JSON any character: escaped, it is the same JSON. */
function asciiJson(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
