import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { SequentialGets } from "../invoke/sequential-gets.ts";
import { freePort } from "./free-port.ts";
import { ServerProcess } from "./server-process.ts";

const directServer = join(import.meta.dirname, "../invoke/direct-server.mjs");
const { signal } = new AbortController();

test("starts a server, tells the processor time that it uses, and stops it", async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/x`;
  const server = await ServerProcess.start({
    ...{ name: "the handler's server", args: [directServer, String(port)], readyUrl: url, signal },
  });
  onTestFinished(() => server.stop());
  const gets = new SequentialGets(url);
  onTestFinished(() => gets.close());

  const before = await server.cpuMs();
  const latency = await gets.medianMs(300);
  const used = (await server.cpuMs()) - before;
  await server.stop();

  expect(server.startedInMs).toBeGreaterThan(0);
  expect(latency).toBeGreaterThan(0);
  // Three hundred answers are work, but not a minute of it.
  expect(used).toBeGreaterThan(1);
  expect(used).toBeLessThan(60_000);
  await expect(gets.medianMs(1)).rejects.toThrow("ECONNREFUSED");
  await expect(server.cpuMs()).rejects.toThrow();
});

test("a server that ends instead of answering is named, with what it said", async () => {
  const started = ServerProcess.start({
    name: "dynalite",
    args: ["-e", "console.error('the folder is locked'); process.exit(3)"],
    readyUrl: `http://127.0.0.1:${await freePort()}/`,
    signal,
  });

  await expect(started).rejects.toThrow("dynalite did not start (it ended with 3). It said: the folder is locked");
});

test("an answer that is none of the handler's is an error, not a latency", async () => {
  const port = await freePort();
  const server = await ServerProcess.start({
    name: "another server",
    args: [
      "-e",
      `require("node:http").createServer((request, response) => response.end("hello")).listen(${port}, "127.0.0.1")`,
    ],
    readyUrl: `http://127.0.0.1:${port}/`,
    signal,
  });
  onTestFinished(() => server.stop());
  const gets = new SequentialGets(`http://127.0.0.1:${port}/`);
  onTestFinished(() => gets.close());

  await expect(gets.medianMs(1)).rejects.toThrow("was answered 200: hello");
});
