import { Agent, request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";
import type { WireAnswer } from "@slipway/testing/openapi";

/** What a client asks for. */
export interface Call {
  method: string;
  path: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Cuts the connection after so many milliseconds, wherever the request or its answer is then. */
  hangUpAfterMs?: number;
}

/** Sends requests over connections of its own, which it keeps. */
export interface HttpClient extends Disposable {
  /** The answer, or nothing when the connection was lost before its end. */
  send(call: Call): Promise<WireAnswer | undefined>;
}

export function createHttpClient(origin: string): HttpClient {
  const agent = new Agent({ keepAlive: true });
  return {
    send: ({ method, path, headers = {}, body, hangUpAfterMs }) =>
      new Promise((resolve) => {
        const sent = httpRequest(`${origin}${path}`, {
          method,
          agent,
          headers: body === undefined ? headers : { "Content-Type": "application/json", ...headers },
        });
        const cut = hangUpAfterMs === undefined ? undefined : setTimeout(() => sent.destroy(), hangUpAfterMs);
        const done = (answer: WireAnswer | undefined) => {
          clearTimeout(cut);
          resolve(answer);
        };
        sent.on("error", () => done(undefined));
        sent.on("response", async (incoming) => {
          const received = await text(incoming).catch(() => undefined);
          const lines = Object.entries(incoming.headers).map(([name, value]): [string, string] => [
            name,
            String(value),
          ]);
          done(
            received === undefined
              ? undefined
              : { status: incoming.statusCode ?? 0, headers: new Map(lines), body: received },
          );
        });
        sent.end(body === undefined ? undefined : JSON.stringify(body));
      }),
    [Symbol.dispose]: () => agent.destroy(),
  };
}
