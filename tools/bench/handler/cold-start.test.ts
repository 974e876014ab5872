import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Cleanup } from "../support/cleanup.ts";
import { coldStart } from "./cold-start.ts";
import { HandlerProcess } from "./handler-process.ts";

const cleanup = new Cleanup();
const settings = { endpoint: "http://127.0.0.1:9", tableName: "items" };
const { signal } = new AbortController();
let folder: string;

beforeAll(async () => {
  folder = await cleanup.temporaryFolder("bundles");
});

afterAll(() => cleanup.run());

async function bundle(name: string, source: string): Promise<string> {
  const path = join(folder, `${name}.cjs`);
  await writeFile(path, source);
  return path;
}

const slow = `
  const until = performance.now() + 30;
  while (performance.now() < until);
  exports.handler = async ({ path }, { functionVersion }) => {
    console.log("a line of its own");
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { DYNAMODB_TABLE_NAME, HOME } = process.env;
    return { statusCode: 200, headers: {}, body: JSON.stringify({ path, functionVersion, DYNAMODB_TABLE_NAME, HOME }) };
  };`;

test("the import and the first answer are told apart, and Node's own start is in neither", async () => {
  const { importMs, firstAnswerMs } = await coldStart(await bundle("slow", slow), settings, signal);

  expect(importMs).toBeGreaterThanOrEqual(30);
  expect(firstAnswerMs - importMs).toBeGreaterThanOrEqual(19);
});

test("a first request that is not answered is an error, not a fast start", async () => {
  const broken = await bundle("broken", "exports.handler = async () => ({ statusCode: 503, body: 'no table' });");

  await expect(coldStart(broken, settings, signal)).rejects.toThrow("The first request was answered 503: no table");
});

test("a process of a bundle answers with Lambda's environment and nothing of ours", async () => {
  const process = new HandlerProcess(await bundle("slow", slow), settings, cleanup, signal);

  const { statusCode, body } = await process.call({ method: "GET", path: "/items" });

  expect(statusCode).toBe(200);
  expect(JSON.parse(body)).toEqual({ path: "/items", functionVersion: "7", DYNAMODB_TABLE_NAME: "items" });
});

test("a wrong answer is no measurement", async () => {
  const process = new HandlerProcess(await bundle("slow", slow), settings, cleanup, signal);

  // The third of the mix is a creation, which must be answered with 201.
  await expect(process.measure(3)).rejects.toThrow("POST /items was answered 200");
});

test("a bundle that cannot be imported says why", async () => {
  const process = new HandlerProcess(
    await bundle("none", "throw new Error('no CURSOR_KEY');"),
    settings,
    cleanup,
    signal,
  );

  await expect(process.call({ method: "GET", path: "/health" })).rejects.toThrow("no CURSOR_KEY");
  await expect(process.call({ method: "GET", path: "/health" })).rejects.toThrow("ended with 1");
});

test("an interrupt ends a process in the middle of its work", async () => {
  const stop = new AbortController();
  const endless = await bundle("endless", "exports.handler = () => new Promise(() => setInterval(() => {}, 1000));");
  const process = new HandlerProcess(endless, settings, cleanup, stop.signal);

  const answer = process.call({ method: "GET", path: "/health" });
  setTimeout(() => stop.abort(new Error("Stopped by SIGINT.")), 100);

  await expect(answer).rejects.toThrow("aborted");
});
