import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { isAlive, type RuntimeFixture, runtimeFixture } from "./runtime-fixture.ts";

// Every test starts processes, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let fixture: RuntimeFixture;
beforeEach(() => {
  fixture = runtimeFixture();
});
afterEach(() => fixture.dispose());

describe("handlers", () => {
  test("an ESM handler gets event and context, and answers", async () => {
    const spec = fixture.spec(`export const handler = async (event, context) => ({
      event, name: context.functionName, version: context.functionVersion, memory: context.memoryLimitInMB,
      arn: context.invokedFunctionArn, id: context.awsRequestId, left: context.getRemainingTimeInMillis(),
      group: context.logGroupName, stream: context.logStreamName,
    })`);

    const { answer, requestId, errorType } = await fixture.invoke(spec, { a: 1 });

    expect(errorType).toBeUndefined();
    expect(answer).toMatchObject({
      event: { a: 1 },
      name: "fn",
      version: "$LATEST",
      memory: "256",
      arn: `arn:aws:lambda:us-east-1:${fixture.core.accountId}:function:fn`,
      id: requestId,
      group: "/aws/lambda/fn",
      stream: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
    });
    expect((answer as { left: number }).left).toBeGreaterThan(9000);
    expect((answer as { left: number }).left).toBeLessThanOrEqual(10_000);
  });

  test.each([
    ["a CommonJS file", { "index.js": "exports.handler = async () => typeof require" }, "index.handler", "function"],
    ["a .cjs file", { "index.cjs": "exports.handler = async () => 1" }, "index.handler", 1],
    [
      "a .js file of a module package",
      {
        "package.json": '{"type":"module"}',
        "src/app.js": "export const run = { it: () => Promise.resolve(import.meta.url.length > 0) }",
      },
      "src/app.run.it",
      true,
    ],
    [
      "a callback",
      { "index.js": "exports.handler = (e, c, done) => setTimeout(() => done(null, 'late'), 5)" },
      "index.handler",
      "late",
    ],
    ["a synchronous return, which is ignored", { "index.js": "exports.handler = () => 'lost'" }, "index.handler", null],
    ["no result", { "index.js": "exports.handler = async () => {}" }, "index.handler", null],
  ])("runs %s", async (_name, files, handler, expected) => {
    const { answer, errorType } = await fixture.invoke(fixture.spec(files, { handler }));

    expect(errorType).toBeUndefined();
    expect(answer).toEqual(expected);
  });

  test("waits for an empty event loop after a callback, unless told not to", async () => {
    const spec = fixture.spec({
      "index.js": `exports.handler = (event, context, done) => {
        context.callbackWaitsForEmptyEventLoop = event.wait;
        setTimeout(() => {}, event.ms);
        done(null, 'ok');
      }`,
    });
    await fixture.invoke(spec, { wait: true, ms: 1 });

    const waited = await fixture.invoke(spec, { wait: true, ms: 300 });
    const instant = await fixture.invoke(spec, { wait: false, ms: 60_000 });

    expect(waited.durationMs).toBeGreaterThan(200);
    // Whoever waits for that one is timed out.
    expect(instant.answer).toBe("ok");
  });
});

describe("environments", () => {
  test("are reused while warm, with cold start only once", async () => {
    const spec = fixture.spec("let n = 0; export const handler = async () => [process.pid, ++n]");

    const [first, second] = [await fixture.invoke(spec), await fixture.invoke(spec)];

    expect(second.answer).toEqual([(first.answer as number[])[0], 2]);
    expect(first.logTail).toMatch(/Init Duration: [\d.]+ ms/);
    expect(second.logTail).not.toContain("Init Duration");
    expect(fixture.streams.size).toBe(1);
  });

  test("run concurrent invocations in processes of their own", async () => {
    const began = mkdtempSync(join(tmpdir(), "began-"));
    onTestFinished(() => rmSync(began, { recursive: true, force: true }));
    // None ends before all have begun, however long one takes to begin.
    const spec = fixture.spec(`
      import { readdirSync, writeFileSync } from "node:fs";
      const began = ${JSON.stringify(began)};
      export const handler = async ({ name }) => {
        writeFileSync(began + "/" + name, "");
        while (readdirSync(began).length < 3) await new Promise((r) => setTimeout(r, 20));
        return process.pid;
      };
    `);

    const outcomes = await Promise.all(["one", "two", "three"].map((name) => fixture.invoke(spec, { name })));

    expect(new Set(outcomes.map(({ answer }) => answer)).size).toBe(3);
  });

  test("are replaced when code or configuration changed", async () => {
    const before = fixture.spec("export const handler = async () => process.pid");
    const { answer: old } = await fixture.invoke(before);
    const { answer: changed } = await fixture.invoke({ ...before, id: "changed" });

    expect(changed).not.toBe(old);
    await expect.poll(() => isAlive(old as number)).toBe(false);
  });

  test("beyond what the machine may hold wait for one that becomes idle", async () => {
    await fixture.dispose();
    fixture = runtimeFixture({ maxEnvironments: 2 });
    const spec = fixture.spec("export const handler = async () => process.pid");
    const other = fixture.spec("export const handler = async () => process.pid", { functionName: "other" });

    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => fixture.invoke(spec)));
    const { errorType } = await fixture.invoke(other);

    expect(new Set(answers.map(({ answer }) => answer)).size).toBeLessThanOrEqual(2);
    expect(errorType).toBeUndefined();
  });

  test("are replaced when they are old, long before their credentials end", async () => {
    await fixture.dispose();
    fixture = runtimeFixture({ maxAgeMs: 1 });
    const spec = fixture.spec("export const handler = async () => [process.pid, process.env.AWS_ACCESS_KEY_ID]");

    const first = (await fixture.invoke(spec)).answer as [number, string];
    await expect.poll(() => isAlive(first[0])).toBe(false);
    const second = (await fixture.invoke(spec)).answer as [number, string];

    expect(second[0]).not.toBe(first[0]);
    expect(second[1]).not.toBe(first[1]);
    expect(fixture.core.credentials.find(first[1])).toBeUndefined();
  });

  test("go away when idle for long", async () => {
    await fixture.dispose();
    fixture = runtimeFixture({ idleTimeoutMs: 50 });
    const { answer: pid } = await fixture.invoke(fixture.spec("export const handler = async () => process.pid"));

    await expect.poll(() => isAlive(pid as number)).toBe(false);
  });

  test("have the role's credentials, the function's variables, and nothing of local AWS's own", async () => {
    process.env.LOCAL_AWS_TEST_SECRET = "must not leak";
    const spec = fixture.spec(
      "export const handler = async () => ({ env: process.env, zone: new Date().getTimezoneOffset(), cwd: process.cwd(), tmp: (await import('node:os')).tmpdir() })",
      { variables: { TABLE: "items" } },
    );

    const { answer } = await fixture.invoke(spec);
    delete process.env.LOCAL_AWS_TEST_SECRET;

    const { env, zone, cwd, tmp } = answer as { env: Record<string, string>; zone: number; cwd: string; tmp: string };
    expect(env).toMatchObject({
      TABLE: "items",
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
      AWS_LAMBDA_FUNCTION_NAME: "fn",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
      LAMBDA_TASK_ROOT: cwd,
      _HANDLER: "index.handler",
      _X_AMZN_TRACE_ID: expect.stringContaining("Root=1-"),
    });
    expect(env).not.toHaveProperty("LOCAL_AWS_TEST_SECRET");
    expect(env).not.toHaveProperty("HOME");
    expect(zone).toBe(0);
    expect(tmp).toContain("lambda/tmp/");
    const credential = fixture.core.credentials.find(env.AWS_ACCESS_KEY_ID ?? "");
    expect(credential).toMatchObject({
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
      sessionToken: env.AWS_SESSION_TOKEN,
      principal: { arn: `arn:aws:sts::${fixture.core.accountId}:assumed-role/run/fn` },
    });
  });
});
