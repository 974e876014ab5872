import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline, Readable } from "node:stream";
import type { HttpRequest, HttpResponse } from "../core/service.ts";

/** An answer, or the order to cut the connection without one. */
export type Reply = HttpResponse | "cut";

/** Answers every request that arrives. */
export type RequestHandler = (request: HttpRequest, signal: AbortSignal) => Promise<Reply>;

/** The listening socket of local AWS. */
export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

/** S3's largest single upload is 5 GiB; bodies are held in memory here, so the limit is what a laptop can take. */
const LARGEST_BODY = 512 * 1024 * 1024;
/** How long answers may still be on their way when the server is closed. */
const CLOSE_GRACE_MS = 500;
const NO_QUERY = new URLSearchParams();

/**
 * Listens on loopback only.
 *
 * @param port - 0 for any free one
 * @param onFailure - told of what the handler threw, or of an answer that HTTP cannot carry; the client gets a 500
 * @throws the socket's error (`EADDRINUSE`, `EACCES`)
 */
export async function listen(
  port: number,
  handler: RequestHandler,
  onFailure: (error: unknown) => void = () => {},
): Promise<HttpServer> {
  const server = createServer((incoming, outgoing) => {
    void serve(incoming, outgoing, handler, onFailure);
  });
  // An idle connection that the server closes while a client reuses it is a reset in the client's face.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

/**
 * Takes no more connections, lets the answers that are on their way go out (that to the request to stop is one of them), and
 * after a moment cuts what is left.
 */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const deadline = Date.now() + CLOSE_GRACE_MS;
    const sweep = setInterval(() => {
      if (Date.now() < deadline) {
        server.closeIdleConnections();
      } else {
        server.closeAllConnections();
      }
    }, 10);
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
  });
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handler: RequestHandler,
  onFailure: (error: unknown) => void,
): Promise<void> {
  const gone = new AbortController();
  outgoing.on("close", () => {
    // Only when nobody got the answer: aborting makes an error with its stack, which is not cheap.
    if (!outgoing.writableFinished) {
      gone.abort();
    }
  });
  try {
    const request = await read(incoming);
    if (request === undefined) {
      const body = `<Error><Code>EntityTooLarge</Code><Message>Local AWS takes bodies of up to ${LARGEST_BODY} bytes.</Message></Error>`;
      outgoing.writeHead(413, { connection: "close", "content-type": "application/xml" }).end(body);
      return;
    }
    const reply = await handler(request, gone.signal);
    if (reply === "cut") {
      incoming.socket.destroy();
    } else {
      write(reply, outgoing, incoming.method === "HEAD");
    }
  } catch (error) {
    // A client that went away in the middle of its request has nobody left to tell; everything else is our failure.
    if (incoming.complete && !outgoing.destroyed) {
      onFailure(error);
      if (!outgoing.headersSent) {
        outgoing.writeHead(500, { "content-type": "application/json", "x-amzn-errortype": "InternalFailure" });
        outgoing.end(JSON.stringify({ message: "Local AWS could not send its answer; its log says why." }));
        return;
      }
    }
    incoming.socket.destroy();
  }
}

/** Listens to the body's events: an iterator over the stream costs a tenth of a small request. */
function read(incoming: IncomingMessage): Promise<HttpRequest | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    incoming.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > LARGEST_BODY) {
        chunks.length = 0;
        resolve(undefined);
      } else {
        chunks.push(chunk);
      }
    });
    incoming.once("end", () =>
      resolve(requestOf(incoming, chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length))),
    );
    incoming.once("error", reject);
  });
}

function requestOf(incoming: IncomingMessage, body: Buffer): HttpRequest {
  const url = incoming.url ?? "/";
  const mark = url.indexOf("?");
  const rawQuery = mark === -1 ? "" : url.slice(mark + 1);
  return {
    method: incoming.method ?? "GET",
    path: mark === -1 ? url : url.slice(0, mark),
    rawQuery,
    query: rawQuery === "" ? NO_QUERY : new URLSearchParams(rawQuery),
    // Node joins repeated headers; only `set-cookie` stays a list, and no request has it.
    headers: incoming.headers as Record<string, string>,
    get rawHeaders() {
      return pairs(incoming.rawHeaders);
    },
    body,
    remoteAddress: incoming.socket.remoteAddress ?? "127.0.0.1",
  };
}

function pairs(flat: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let at = 0; at < flat.length; at += 2) {
    result.push([flat[at] ?? "", flat[at + 1] ?? ""]);
  }
  return result;
}

function write(response: HttpResponse, outgoing: ServerResponse, isHead: boolean): void {
  const { status, body } = response;
  // A copy: an answer's headers may be a constant of whoever made it.
  const headers = { ...response.headers };
  if (body instanceof Readable) {
    outgoing.writeHead(status, headers);
    // Unlike `pipe`, this closes the source (a file) when the client goes away.
    pipeline(body, outgoing, () => {});
    return;
  }
  const hasLength = Object.keys(headers).some((name) => name.toLowerCase() === "content-length");
  if (!hasLength && status !== 204 && status !== 304) {
    headers["content-length"] = String(typeof body === "string" ? Buffer.byteLength(body) : body.byteLength);
  }
  outgoing.writeHead(status, headers).end(isHead || status === 204 || status === 304 ? undefined : body);
}
