import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { WireRequest } from "@slipway/testing/openapi";
import { createHandler } from "../create-handler.ts";
import type { ItemStore } from "../store/item-store.ts";
import { CURSOR_KEY } from "./cursor-key.ts";
import { makeContext } from "./make-context.ts";
import { toProxyEvent } from "./to-proxy-event.ts";

/** The items API behind a socket, in this process. */
export interface HttpApi extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  origin: string;
}

/**
 * Serves the handler over HTTP, as the gateway and Lambda do: an execution environment handles one request at a time, and a request that
 * has come in whole is carried out, whether or not anybody still waits for the answer.
 *
 * @param stores the store of each execution environment
 */
export async function startHttpApi(stores: readonly ItemStore[]): Promise<HttpApi> {
  const free = stores.map((store) =>
    createHandler({
      services: { store, now: () => new Date(), newId: () => crypto.randomUUID(), cursorKey: CURSOR_KEY },
      allowedOrigins: [],
      log: () => {},
      write: () => {},
      env: {},
    }),
  );
  type Handler = (typeof free)[number];
  const waiting: ((handler: Handler) => void)[] = [];
  const release = (handler: Handler) => {
    const next = waiting.shift();
    if (next === undefined) free.push(handler);
    else next(handler);
  };

  const server = createServer(async (incoming, outgoing) => {
    const request = await read(incoming).catch(() => undefined);
    // Cut off before its end: a gateway does not pass it on.
    if (request === undefined) return;
    const handler = free.pop() ?? (await new Promise<Handler>((resolve) => waiting.push(resolve)));
    const { statusCode, headers, body } = await handler(toProxyEvent(request), makeContext());
    release(handler);
    outgoing.writeHead(statusCode, headers as Record<string, string>).end(body);
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(incoming: IncomingMessage): Promise<WireRequest> {
  const body = await buffer(incoming);
  const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://localhost");
  const raw = incoming.rawHeaders;
  const headers = raw.flatMap((name, index): [string, string][] => (index % 2 ? [] : [[name, raw[index + 1] ?? ""]]));
  return {
    method: incoming.method ?? "",
    path: pathname,
    query: [...searchParams],
    headers,
    body: body.length === 0 ? undefined : body.toString(),
  };
}
