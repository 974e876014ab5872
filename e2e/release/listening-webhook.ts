import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** Somebody who is told what happens, and keeps all of it. */
export interface ListeningWebhook extends AsyncDisposable {
  readonly url: string;
  /** What came with each message. */
  readonly bodies: readonly string[];
}

/** @param path of the address, without the slash at its beginning */
export async function listeningWebhook(path: string): Promise<ListeningWebhook> {
  const bodies: string[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    bodies.push(await text(request));
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`,
    bodies,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
