import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildBundle } from "./build-bundle.ts";
import { makeContext } from "./src/test/make-context.ts";
import { makeEvent } from "./src/test/make-event.ts";
import { AUDIENCE, ISSUER, startIssuer } from "./src/test/start-issuer.ts";

const run = promisify(execFile);
const workspace = import.meta.dirname;
let root: string;
let here: string;
let elsewhere: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "authorizer-"));
  here = path.join(root, "a");
  await buildBundle(workspace, here);
  elsewhere = path.join(root, "some/other folder/b");
  await mkdir(elsewhere, { recursive: true });
  for (const part of ["package.json", "src"]) {
    await cp(path.join(workspace, part), path.join(elsewhere, part), { recursive: true });
  }
  await symlink(path.resolve(workspace, "../../node_modules"), path.join(elsewhere, "node_modules"));
  await buildBundle(elsewhere, elsewhere);
});

afterAll(() => rm(root, { recursive: true, force: true }));

/** Loads the bundle in a fresh Node.js with the environment `env`, as the Lambda runtime does, and sends it events. */
async function invoke(
  env: Record<string, string>,
  events: unknown[],
): Promise<{ results: unknown[]; logs: unknown[] }> {
  const script = `
    const { handler } = require(${JSON.stringify(path.join(here, "dist/index.cjs"))});
    (async () => {
      for (const event of ${JSON.stringify(events)}) {
        const result = await handler(event, ${JSON.stringify(makeContext())}).catch(({ message }) => ({ message }));
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
      [here, elsewhere].map((folder) => readFile(path.join(folder, "dist/index.cjs"))),
    );
    expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true);
    expect(one?.includes(root) || one?.includes(workspace)).toBe(false);
  });

  it("is the only file in dist, and small; the source map is beside it", async () => {
    expect(await readdir(path.join(here, "dist"))).toEqual(["index.cjs"]);
    expect(await readdir(path.join(here, "sourcemaps"))).toEqual(["index.cjs.map"]);
    // Every call without a kept answer waits for this function: no AWS SDK, no second JWT library.
    expect((await readFile(path.join(here, "dist/index.cjs"))).length).toBeLessThan(40 * 1024);
  });

  it("runs alone: lets a good token in, refuses a bad one, and does not blame the client when the issuer is down", async () => {
    await using issuer = await startIssuer();
    const env = { JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE, JWT_JWKS_URI: issuer.jwksUri };
    const good = makeEvent(`Bearer ${await issuer.mint()}`);
    const bad = makeEvent(`Bearer ${await issuer.mint({ iss: "https://evil.example.com" })}`);
    const { results, logs } = await invoke(env, [good, bad]);
    expect(results).toMatchObject([
      { principalId: "ann", policyDocument: { Statement: [{ Effect: "Allow" }, { Effect: "Deny" }] } },
      { message: "Unauthorized" },
    ]);
    expect(logs).toMatchObject([
      { level: "INFO", outcome: "allowed", coldStart: true },
      { level: "INFO", outcome: "denied", reason: "issuer", coldStart: false },
    ]);

    await issuer.stop();
    const down = await invoke(env, [good]);
    expect(down.results).toEqual([{ message: expect.stringMatching(/^The issuer's keys cannot be had from http/) }]);
    expect(down.logs).toMatchObject([{ level: "ERROR" }, { level: "INFO", outcome: "fault", faults: 1 }]);
  });

  it("does not start with a wrong configuration, and says which", async () => {
    await expect(invoke({}, [])).rejects.toThrow("JWT_ISSUER is not set");
    await expect(invoke({ JWT_ISSUER: ISSUER }, [])).rejects.toThrow("JWT_AUDIENCE is not set");
  });
});
