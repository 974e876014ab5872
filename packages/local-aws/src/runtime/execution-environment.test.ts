import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type RuntimeFixture, runtimeFixture } from "./runtime-fixture.ts";

// Every test starts processes, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let fixture: RuntimeFixture;
beforeEach(() => {
  fixture = runtimeFixture();
});
afterEach(() => fixture.dispose());

describe("failures", () => {
  test("a thrown error has AWS's shape, and the environment lives on", async () => {
    const spec = fixture.spec(
      "let n = 0; export const handler = async () => { if (n++ === 0) throw new TypeError('no good'); return n }",
    );

    const failed = await fixture.invoke(spec);
    const next = await fixture.invoke(spec);

    expect(failed.errorType).toBe("TypeError");
    expect(failed.answer).toEqual({
      errorType: "TypeError",
      errorMessage: "no good",
      trace: expect.arrayContaining(["TypeError: no good"]),
    });
    expect(failed.logTail).toMatch(
      /\tERROR\tInvoke Error\t\{"errorType":"TypeError","errorMessage":"no good","stack":\[/,
    );
    expect(next.answer).toBe(2);
  });

  test("a timeout kills the process and says so", async () => {
    const spec = fixture.spec("export const handler = async () => { console.log('spinning'); while (true); }", {
      timeoutSeconds: 1,
    });

    const { answer, errorType, logTail, requestId } = await fixture.invoke(spec);
    const again = await fixture.invoke(spec);

    expect(errorType).toBe("Sandbox.Timedout");
    expect(answer).toEqual({
      errorMessage: expect.stringMatching(
        new RegExp(`^\\d{4}-[-\\dT:.]+Z ${requestId} Task timed out after 1.00 seconds$`),
      ),
    });
    expect(logTail).toContain("\tINFO\tspinning\n");
    const report =
      /Duration: 1000.00 ms\tBilled Duration: (\d+) ms\t.*\tInit Duration: ([\d.]+) ms\t.*Status: timeout\t\n$/;
    const [, billed, initialization] = report.exec(logTail) ?? [];
    // On a busy machine the initialization alone takes more than a second.
    expect(Number(billed) - Number(initialization), logTail).toBeCloseTo(1_000, -1);
    expect(again.errorType).toBe("Sandbox.Timedout");
  });

  test("a function over its memory size is killed", async () => {
    const spec = fixture.spec(
      "export const handler = async () => { const a = []; while (true) { a.push(Buffer.alloc(4e6, 1)); await new Promise((r) => setTimeout(r, 1)) } }",
      { memorySizeMb: 128 },
    );

    const { answer, errorType, logTail, requestId } = await fixture.invoke(spec);

    expect(errorType).toBe("Runtime.OutOfMemory");
    expect(answer).toEqual({
      errorType: "Runtime.ExitError",
      errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
    });
    expect(logTail).toMatch(
      /Memory Size: 128 MB\tMax Memory Used: 128 MB\t.*Status: error\tError Type: Runtime.OutOfMemory\t\n$/,
    );
  });

  test.each([
    ["process.exit(3)", "Runtime exited with error: exit status 3"],
    ["process.exit()", "Runtime exited without providing a reason"],
    [
      "process.kill(process.pid, 'SIGTERM'); await new Promise((r) => setTimeout(r, 1000))",
      "Runtime exited with error: signal: terminated",
    ],
  ])("a crash by %s is an exit error, and the next invocation gets a new process", async (code, reason) => {
    const spec = fixture.spec(
      `export const handler = async (event) => { if (event.crash) { console.log("bye"); ${code} } return 'alive' }`,
    );

    const crashed = await fixture.invoke(spec, { crash: true });
    const next = await fixture.invoke(spec);

    expect(crashed.answer).toEqual({
      errorType: "Runtime.ExitError",
      errorMessage: `RequestId: ${crashed.requestId} Error: ${reason}`,
    });
    expect(crashed.logTail).toContain("\tINFO\tbye\n");
    expect(next.answer).toBe("alive");
  });

  test.each([
    [
      "an unhandled rejection",
      "Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 500))",
      "Runtime.UnhandledPromiseRejection",
      "Error: lost",
    ],
    [
      "an uncaught exception",
      "setTimeout(() => { throw new RangeError('late') }, 1); await new Promise((r) => setTimeout(r, 500))",
      "RangeError",
      "late",
    ],
    [
      "a promise that nobody settles",
      "await new Promise(() => {})",
      "Runtime.NodeJsExit",
      expect.stringContaining("never settled"),
    ],
    ["a result that is no JSON", "return { big: 1n }", "Error", "Unable to stringify response body"],
  ])("%s fails the invocation", async (_name, code, errorType, errorMessage) => {
    const spec = fixture.spec(`export const handler = async () => { ${code} }`);

    const { answer } = await fixture.invoke(spec);

    expect(answer).toMatchObject({ errorType, errorMessage });
  });

  test.each([
    ["throws", { "index.mjs": "throw new Error('at import')" }, "Error", "at import"],
    [
      "does not parse",
      { "index.mjs": "export const handler = (" },
      "Runtime.UserCodeSyntaxError",
      expect.stringContaining("SyntaxError: "),
    ],
    [
      "imports what is not there",
      { "index.mjs": "import 'left-pad'" },
      "Runtime.ImportModuleError",
      expect.stringContaining("left-pad"),
    ],
    ["is not there", { "other.js": "" }, "Runtime.ImportModuleError", expect.stringContaining("Cannot find module")],
    [
      "does not export the handler",
      { "index.mjs": "export const other = 1" },
      "Runtime.HandlerNotFound",
      "index.handler is undefined or not exported",
    ],
    [
      "is ESM in a .js file without a package.json",
      { "index.js": "export const handler = async () => 1" },
      "Runtime.UserCodeSyntaxError",
      expect.stringContaining("export"),
    ],
    [
      "exits",
      { "index.mjs": "process.exit(1)" },
      "Runtime.ExitError",
      "Error: Runtime exited with error: exit status 1",
    ],
  ])("code that %s fails at initialization", async (_name, files, errorType, errorMessage) => {
    const outcome = await fixture.invoke(fixture.spec(files));

    expect(outcome.answer).toMatchObject({ errorType, errorMessage });
    expect(fixture.messages.join("\n")).toContain(`\tPhase: init\tStatus: error\tError Type: ${errorType}`);
    expect(outcome.logTail).toContain(`Status: error\tError Type: ${errorType}`);
  });

  test("a slow initialization starts over within the invocation", async () => {
    await fixture.dispose();
    fixture = runtimeFixture({ initTimeoutMs: 1000 });
    const spec = fixture.spec(
      "await new Promise((r) => setTimeout(r, 1500)); export const handler = async () => 'made it'",
    );

    const [fast, slow] = await Promise.all([
      fixture.invoke({ ...spec, timeoutSeconds: 20 }),
      fixture.invoke({ ...spec, functionName: "other", timeoutSeconds: 1 }),
    ]);

    expect(fast.answer).toBe("made it");
    expect(fast.durationMs).toBeGreaterThan(1500);
    expect(fixture.messages.join("\n")).toMatch(
      /INIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: init\tStatus: timeout/,
    );
    expect(slow.errorType).toBe("Sandbox.Timedout");
  });

  test("an answer over 6 MB is refused", async () => {
    const spec = fixture.spec("export const handler = async () => 'x'.repeat(6_300_000)");

    const { answer } = await fixture.invoke(spec);

    expect(answer).toMatchObject({ errorType: "Function.ResponseSizeTooLarge" });
  });

  test("a Node.js that is not installed is named, with what to do", async () => {
    const { answer } = await fixture.invoke(fixture.spec("export const handler = 1", { runtime: "nodejs99.x" }));

    expect(answer).toEqual({
      errorType: "Runtime.InvalidEntrypoint",
      errorMessage: expect.stringMatching(/needs Node\.js 99.*SLIPWAY_NODE99/),
    });
  });
});

test("a Node.js that cannot be started fails the invocation, and nothing hangs", async () => {
  await fixture.dispose();
  fixture = runtimeFixture({}, { findNode: async () => "/nowhere/node" });

  const { answer } = await fixture.invoke(fixture.spec("export const handler = async () => 1"));

  expect(answer).toEqual({
    errorType: "Runtime.InvalidEntrypoint",
    errorMessage: expect.stringContaining("/nowhere/node cannot be started"),
  });
});

test("closing ends invocations that run", async () => {
  const running = fixture.invoke(
    fixture.spec("export const handler = async () => { console.log('busy'); while (true); }"),
  );
  await expect.poll(() => fixture.messages.join()).toContain("busy");
  await fixture.runtime.close();

  expect((await running).answer).toMatchObject({ errorType: "Runtime.ExitError" });
  await expect(fixture.invoke(fixture.spec("1"))).rejects.toThrow("Local AWS is stopping.");
});
