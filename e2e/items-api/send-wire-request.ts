import { type Agent, request as httpRequest, METHODS } from "node:http";
import { text } from "node:stream/consumers";
import type { WireAnswer, WireRequest } from "@slipway/testing/openapi";

/**
 * Sends a request as it is, as far as HTTP can say it: what no HTTP client could put on the wire (a line end in a header, a method that is
 * none) is encoded or left out, and this is what was sent.
 */
export function asSent(request: WireRequest): WireRequest {
  const path = request.path.startsWith("/") ? request.path : `/${request.path}`;
  const method = METHODS.includes(request.method) ? request.method : request.method.toUpperCase();
  return {
    ...request,
    method,
    path: path.toWellFormed().replaceAll(/[^\x21-\x7e]|[?#]/gu, encodeURIComponent),
    headers: request.headers.map(([name, value]) => [name, value.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, "")]),
  };
}

/** @param url the stage's address */
export function sendWireRequest(url: string, agent: Agent, request: WireRequest): Promise<WireAnswer> {
  const encode = (value: string) => encodeURIComponent(value.toWellFormed());
  const query = request.query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
  const { hostname, port, pathname } = new URL(url);
  const sent = httpRequest({
    hostname,
    port,
    agent,
    method: request.method,
    path: `${pathname}${request.path}${query === "" ? "" : `?${query}`}`,
  });
  // One by one: a list of headers would keep Node from adding the length and the host.
  for (const [name, value] of request.headers) sent.appendHeader(name, value);
  // Node frames no body of a GET by itself.
  if (request.body !== undefined) sent.setHeader("Content-Length", Buffer.byteLength(request.body));
  return new Promise((resolve, reject) => {
    sent.on("error", reject);
    sent.on("response", async (incoming) => {
      const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
      resolve({ status: incoming.statusCode ?? 0, headers: new Map(headers), body: await text(incoming) });
    });
    sent.end(request.body);
  });
}
