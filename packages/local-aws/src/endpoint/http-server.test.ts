import { once } from "node:events";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { HttpRequest } from "../core/service.ts";
import { listen, type RequestHandler } from "./http-server.ts";

/** Listens on a free port until the test ends. */
async function serve(handler: RequestHandler, onFailure?: (error: unknown) => void): Promise<number> {
  const server = await listen(0, handler, onFailure);
  onTestFinished(() => server.close());
  return server.port;
}

const answer = { status: 200, headers: {}, body: "ok" };

test("gives the handler the whole body, however it arrives, and path and query as they were sent", async () => {
  const seen: HttpRequest[] = [];
  const port = await serve(async (request) => {
    seen.push(request);
    return answer;
  });
  const socket = connect(port, "127.0.0.1");
  socket.write("PUT /a%20b?x=1&y HTTP/1.1\r\nhost: aws\r\ncontent-length: 9\r\nX-Two: 1\r\nX-Two: 2\r\n\r\nabc");
  await wait(20);
  socket.write("def");
  await wait(20);
  socket.end("ghi");
  await once(socket.setEncoding("utf8"), "data");

  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({ method: "PUT", path: "/a%20b", rawQuery: "x=1&y", headers: { "x-two": "1, 2" } });
  expect(Buffer.from(seen[0]?.body ?? []).toString()).toBe("abcdefghi");
  expect(seen[0]?.rawHeaders).toContainEqual(["X-Two", "2"]);
});

test("an answered request is not aborted", async () => {
  let signal: AbortSignal | undefined;
  const port = await serve(async (_request, given) => {
    signal = given;
    return answer;
  });

  const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: "close" } });

  expect(await response.text()).toBe("ok");
  await wait(20);
  expect(signal?.aborted).toBe(false);
});

test("a client that goes away aborts its request", async () => {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const port = await serve(async (_request, signal) => {
    signal.addEventListener("abort", () => resolve());
    client.abort();
    await aborted;
    return answer;
  });
  const client = new AbortController();

  await expect(fetch(`http://127.0.0.1:${port}/`, { signal: client.signal })).rejects.toThrow("aborted");

  await aborted;
});

test("a client that goes away in the middle of its body harms nobody", async () => {
  let handled = 0;
  const failures: unknown[] = [];
  const port = await serve(
    async () => {
      handled += 1;
      return answer;
    },
    (error) => failures.push(error),
  );
  const socket = connect(port, "127.0.0.1");
  socket.write("PUT / HTTP/1.1\r\nhost: aws\r\ncontent-length: 9\r\n\r\nabc");
  await wait(20);
  socket.destroy();
  await wait(20);

  expect({ handled, failures }).toEqual({ handled: 0, failures: [] });
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
});

test("a cut answer closes the connection without a word", async () => {
  const port = await serve(async () => "cut");

  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow("fetch failed");
});

test.each([
  ["a handler that throws", () => Promise.reject(new Error("a slip"))],
  ["a header that HTTP cannot carry", async () => ({ ...answer, headers: { "x-name": "a\nb" } })],
])("%s is a 500 for the client, and told to the operator", async (_case, handler) => {
  const failures: unknown[] = [];
  const port = await serve(handler, (error) => failures.push(error));

  const response = await fetch(`http://127.0.0.1:${port}/`);

  expect(response.status).toBe(500);
  expect(await response.text()).toContain("its log says why");
  expect(failures).toHaveLength(1);
});

test("a streamed body is closed when the client goes away in the middle of it", async () => {
  const body = new Readable({
    read() {
      this.push(Buffer.alloc(64 * 1024));
    },
  });
  const port = await serve(async () => ({ ...answer, body }));

  const response = await fetch(`http://127.0.0.1:${port}/`);
  await response.body?.cancel();

  await expect.poll(() => body.destroyed).toBe(true);
});
