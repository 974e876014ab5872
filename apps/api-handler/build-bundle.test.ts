import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildBundle } from "./build-bundle.ts";
import type { Item } from "./src/items/item.ts";
import { makeContext } from "./src/test/make-context.ts";
import { makeEvent } from "./src/test/make-event.ts";
import { startItemsTable } from "./src/test/start-items-table.ts";

const run = promisify(execFile);
const workspace = import.meta.dirname;
const nodeModules = path.resolve(workspace, "../../node_modules");
let root: string;
let shallow: string;
let deep: string;

/** A copy of the sources in another folder, which finds its dependencies through a link. */
async function copySources(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await cp(path.join(workspace, "src"), path.join(folder, "src"), { recursive: true });
  await symlink(nodeModules, path.join(folder, "node_modules"));
}

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "api-handler-"));
  shallow = path.join(root, "a");
  deep = path.join(root, "some/other folder/b");
  for (const folder of [shallow, deep]) {
    await copySources(folder);
    await buildBundle(folder);
  }
});

afterAll(() => rm(root, { recursive: true, force: true }));

/** Loads the bundle in a fresh Node.js with the environment `env`, as the Lambda runtime does, and sends it events. */
async function invoke(
  env: Record<string, string>,
  events: unknown[],
): Promise<{ results: unknown[]; logs: unknown[] }> {
  const script = `
    const { handler } = require(${JSON.stringify(path.join(deep, "dist/index.cjs"))});
    (async () => {
      for (const event of ${JSON.stringify(events)}) {
        const result = await handler(event, {
          ...${JSON.stringify(makeContext())},
          getRemainingTimeInMillis: () => 10_000,
        });
        console.error(JSON.stringify(result));
      }
    })();`;
  const { stdout, stderr } = await run(process.execPath, ["--input-type=commonjs", "-e", script], { cwd: root, env });
  const parse = (text: string) =>
    text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  return { results: parse(stderr), logs: parse(stdout) };
}

describe("the bundle", () => {
  it("has the same bytes in any folder", async () => {
    const [one, other] = await Promise.all(
      [shallow, deep].map((folder) => readFile(path.join(folder, "dist/index.cjs"))),
    );
    expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true);
    expect(one?.includes(root) || one?.includes(workspace)).toBe(false);
  });

  it("is the only file in dist; the source map is beside it", async () => {
    expect(await readdir(path.join(deep, "dist"))).toEqual(["index.cjs"]);
    expect(await readdir(path.join(deep, "sourcemaps"))).toEqual(["index.cjs.map"]);
  });

  it("leaves nothing to be found at run time but Node.js itself, and what DynamoDB never asks for", async () => {
    const source = await readFile(path.join(deep, "dist/index.cjs"), "utf8");
    const asked = [...source.matchAll(/\b(?:require|import)\("([^"]+)"\)/g)].map(([, name]) => name);
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((name) => !name?.startsWith("node:"))).toEqual(["@smithy/core/event-streams"]);
  });

  it("runs alone against a real table", async () => {
    await using table = await startItemsTable();
    await rm(path.join(deep, "node_modules"));
    const created = await invoke(table.env, [makeEvent("POST", "/items", { body: { name: "Test Item" } })]);
    expect(created.results).toMatchObject([{ statusCode: 201, headers: { ETag: '"1"' } }]);
    expect(created.logs).toMatchObject([{ operation: "createItem", status: 201, coldStart: true }]);

    const item: Item = JSON.parse((created.results as { body: string }[])[0]?.body ?? "");
    const { results } = await invoke(table.env, [
      makeEvent("GET", `/items/${item.id}`),
      makeEvent("PATCH", `/items/${item.id}`, { body: { name: "patched" }, headers: { "If-Match": '"1"' } }),
      makeEvent("PATCH", `/items/${item.id}`, { body: { name: "again" }, headers: { "If-Match": '"1"' } }),
      makeEvent("GET", "/items"),
      makeEvent("DELETE", `/items/${item.id}`, { headers: { "If-Match": "*" } }),
      makeEvent("GET", `/items/${item.id}`),
    ]);
    expect(results).toMatchObject([200, 200, 412, 200, 204, 404].map((statusCode) => ({ statusCode })));
    expect(JSON.parse((results as { body: string }[])[3]?.body ?? "").items).toMatchObject([{ name: "patched" }]);
  });

  it("does not start without its table's name, and says so", async () => {
    await expect(invoke({ AWS_REGION: "us-east-1" }, [])).rejects.toThrow("DYNAMODB_TABLE_NAME is not set");
  });
});
