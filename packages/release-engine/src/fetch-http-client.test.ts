import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { fetchHttpClient } from "./fetch-http-client.ts";

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const request = { method: "POST", headers: { "X-Test": "1" }, body: "hello", timeoutMs: 5_000 };

describe("fetchHttpClient", () => {
  it("sends one request and follows no redirect", async () => {
    await using server = await serve(async (incoming, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const location = `/${incoming.method}/${incoming.headers["x-test"]}/${Buffer.concat(chunks)}`;
      response.writeHead(302, { Location: location }).end("moved");
    });

    const response = await fetchHttpClient.send({ ...request, url: `${server.url}/a` });

    expect(response).toMatchObject({ status: 302, headers: { location: "/POST/1/hello" }, body: "moved" });
  });

  it("says why there was no answer", async () => {
    let url = "";
    {
      await using server = await serve(() => undefined);
      url = server.url;
    }

    await expect(fetchHttpClient.send({ ...request, url })).rejects.toMatchObject({
      kind: "unreachable",
      why: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("waits no longer than it may, for the body too", async () => {
    await using server = await serve((_, response) => response.writeHead(200).write("half"));

    await expect(fetchHttpClient.send({ ...request, url: server.url, timeoutMs: 100 })).rejects.toMatchObject({
      kind: "timeout",
      why: "no complete answer within 0.1 s",
    });
  });
});
