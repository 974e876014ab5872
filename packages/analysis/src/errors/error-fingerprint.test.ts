import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { errorFingerprint } from "./error-fingerprint.ts";

const requestId = "79b4f56e-95b1-4f1a-8f5c-e2f1a8a7c001";
const time = "2026-11-28T09:00:00.000Z";
const lambda = (level: string, text: string) => `${time}\t${requestId}\t${level}\t${text}\n`;
const json = (fields: object) => JSON.stringify({ time, ...fields });

const stack = [
  "TypeError: no good",
  "    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)",
  "    at Client.send (file:///var/task/node_modules/@aws-sdk/client/index.mjs:3:9)",
  "    at async ItemStore.put (file:///var/task/index.mjs:1523:17)",
  "    at async Runtime.handleOnceNonStreaming (file:///var/runtime/index.mjs:1173:29)",
];

describe("errorFingerprint", () => {
  test.each([
    [
      "our own line",
      json({
        ...{ level: "ERROR", message: "Internal server error", requestId, operation: "createItem" },
        error: {
          name: "TypeError",
          message: "Cannot read properties of undefined (reading 'id')",
          stack: stack.join("\n"),
        },
      }),
      "TypeError: Cannot read properties of undefined (reading <value>) at ItemStore.put (index.mjs) in createItem",
    ],
    [
      "a warning with an error",
      json({
        ...{ level: "WARN", message: "Service unavailable", operation: "listItems" },
        error: { name: "StoreUnavailableError", message: "gave up after 1234 ms", stack: "" },
      }),
      "StoreUnavailableError: gave up after <number> ms in listItems",
    ],
    [
      "our own line about what was no error",
      json({ level: "ERROR", message: "the keys could not be refreshed", error: { message: "timeout of 500 ms" } }),
      "Error: timeout of <number> ms",
    ],
    [
      "a line without an error",
      json({ level: "ERROR", message: "queue of 12 is full" }),
      "Error: queue of <number> is full",
    ],
    [
      "a line of pino",
      json({ level: 50, msg: "lost", err: { type: "E", name: "RangeError", message: "x", stack: "" } }),
      "RangeError: x",
    ],
    [
      "a timeout",
      `${time} ${requestId} Task timed out after 3.00 seconds\n\n`,
      "Sandbox.Timedout: Task timed out after <number> seconds",
    ],
    [
      "an exit",
      `RequestId: ${requestId} Error: Runtime exited with error: exit status 3\nRuntime.ExitError\n`,
      "Runtime.ExitError: Runtime exited with error: exit status 3",
    ],
    [
      "a kill",
      `RequestId: ${requestId} Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n`,
      "Runtime.ExitError: Runtime exited with error: signal: killed",
    ],
    [
      "too little memory",
      `REPORT RequestId: ${requestId}\tDuration: 12.34 ms\tMemory Size: 128 MB\tStatus: error\tError Type: Runtime.OutOfMemory\t\n`,
      "Runtime.OutOfMemory: the function used more memory than it has",
    ],
    [
      "what the handler threw",
      lambda("ERROR", `Invoke Error\t${JSON.stringify({ errorType: "TypeError", errorMessage: "no good", stack })}`),
      "TypeError: no good at ItemStore.put (index.mjs)",
    ],
    [
      "what the module threw",
      `${time}\tundefined\tERROR\tUncaught Exception\t${JSON.stringify({
        errorType: "Runtime.ImportModuleError",
        errorMessage: "Error: Cannot find module 'left-pad'\nRequire stack:\n- /var/task/index.js",
        stack: ["Runtime.ImportModuleError: Error: Cannot find module 'left-pad'"],
      })}`,
      "Runtime.ImportModuleError: Error: Cannot find module <value> Require stack: - /var/task/index.js",
    ],
    [
      "what nobody caught, in the JSON format",
      json({
        level: "ERROR",
        requestId,
        message: { errorType: "TypeError", errorMessage: "no good", stackTrace: stack },
      }),
      "TypeError: no good at ItemStore.put (index.mjs)",
    ],
    [
      "console.error of an error, in the JSON format",
      json({
        level: "ERROR",
        requestId,
        message: "it failed",
        errorType: "TypeError",
        errorMessage: "no good",
        stackTrace: stack,
      }),
      "TypeError: no good at ItemStore.put (index.mjs)",
    ],
    [
      "a timeout, in the JSON format",
      json({ type: "platform.report", record: { status: "timeout" } }),
      "Sandbox.Timedout: Task timed out",
    ],
    [
      "too little memory, in the JSON format",
      json({ type: "platform.report", record: { status: "error", errorType: "Runtime.OutOfMemory" } }),
      "Runtime.OutOfMemory: the function used more memory than it has",
    ],
    ["console.error of an error", lambda("ERROR", stack.join("\n")), "TypeError: no good at ItemStore.put (index.mjs)"],
    [
      "console.error of a text",
      lambda("ERROR", "no answer for item 42 after 3 tries"),
      "Error: no answer for item <number> after <number> tries",
    ],
    [
      "console.error of our own line",
      lambda("ERROR", json({ level: "ERROR", message: "lost", operation: "getItem" })),
      "Error: lost in getItem",
    ],
    ["Python's logger", `[ERROR]\t${time}\t${requestId}\tboom 5`, "Error: boom <number>"],
    [
      "Python's traceback",
      '[ERROR] KeyError: \'id\'\nTraceback (most recent call last):\n  File "/var/task/app.py", line 10, in handler\n    return load(event)\n  File "/var/task/load.py", line 3, in load\n    event[\'id\']\n  File "/var/lang/lib/python3.13/json.py", line 1, in loads\n',
      "KeyError: <value> at load (load.py)",
    ],
    ["a level in front", "ERROR: disk full", "Error: disk full"],
    ["a time and a level in front", "2026-11-28 09:00:00,123 CRITICAL disk full", "Error: disk full"],
    [
      "a class in front",
      "RangeError [ERR_OUT_OF_RANGE]: 12 is too much\n    at check (index.js:1:1)",
      "RangeError: <number> is too much at check (index.js)",
    ],
    [
      "an error of Node.js on its way out",
      "Uncaught Error: lost\n    at file:///var/task/index.mjs:1:7",
      "Error: lost at index.mjs",
    ],
    [
      "API Gateway's own line",
      `(${requestId}) Lambda execution failed with status 200 due to customer function error: x. Lambda request id: ${requestId}`,
      "ApiGateway.ExecutionFailed: with status <number> due to customer function error: x. Lambda request id: <uuid>",
    ],
  ])("%s", (_name, line, id) => {
    expect(errorFingerprint(line)?.id).toBe(id);
  });

  test.each([
    ["a request", json({ level: "INFO", message: "request", status: 500, faults: 1 })],
    [
      "an information with an error",
      json({ level: "INFO", message: "tried again", error: { name: "Error", message: "x" } }),
    ],
    ["a warning", json({ level: "WARN", message: "slow" })],
    ["no level", json({ error: "none", ok: true })],
    ["a line of bunyan", json({ name: "app", level: 30, message: "fine" })],
    ["a start", `START RequestId: ${requestId} Version: 3\n`],
    ["a report", `REPORT RequestId: ${requestId}\tDuration: 1.23 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\t\n`],
    [
      "a report of a failure, which has a line of its own",
      `REPORT RequestId: ${requestId}\tStatus: error\tError Type: TypeError\t\n`,
    ],
    ["a report in the JSON format", json({ type: "platform.report", record: { status: "success" } })],
    ["a text that mentions an error", lambda("INFO", "no ERROR so far")],
    ["a word", "Errors are human"],
    ["a constant", "ERROR_LIMIT=5"],
    ["half of a JSON object", '{"level":"ERROR"'],
    ["nothing", ""],
  ])("%s is no error", (_name, line) => {
    expect(errorFingerprint(line)).toBeUndefined();
  });

  it("has the parts of which its id is made", () => {
    const line = json({
      level: "ERROR",
      message: "x",
      operation: "getItem",
      error: { name: "E", message: "m", stack: stack.join("\n") },
    });

    expect(errorFingerprint(line)).toEqual({
      id: "E: m at ItemStore.put (index.mjs) in getItem",
      errorClass: "E",
      message: "m",
      place: "ItemStore.put (index.mjs)",
      operation: "getItem",
    });
  });

  it("is the same whatever varies from one event to the next", () => {
    const digits = fc.integer({ min: 0, max: 10 ** 9 });
    const varying = fc.record({
      id: fc.uuid(),
      count: digits,
      hash: fc.stringMatching(/^[0-9a-f]{63}[0-9]$/),
      at: fc.date({ min: new Date(0), max: new Date("9000-01-01"), noInvalidDate: true }),
    });
    const told = ({ id, count, hash, at }: { id: string; count: number; hash: string; at: Date }) =>
      errorFingerprint(
        `${at.toISOString()}\t${id}\tERROR\tError: item ${id} of "${hash}" (${hash}) from ${count}.${count % 100} at ${at.toISOString()}, see https://example.com/items/${id}?n=${count} and arn:aws:lambda:eu-west-1:${count}:function:f\n    at put (file:///var/task/index.mjs:${count}:${count})`,
      )?.id;
    fc.assert(
      fc.property(varying, (event) => {
        expect(told(event)).toBe(
          "Error: item <uuid> of <value> (<hex>) from <number> at <time>, see https://example.com/items/<id>?<query> and <arn> at put (index.mjs)",
        );
      }),
    );
  });

  it("takes any text, and is bounded and well formed", () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary", maxLength: 400 }).map((text) => `ERROR ${text}`),
      fc.string({ unit: "binary-ascii", maxLength: 400 }).map((text) => lambda("ERROR", text)),
      fc.json().map((text) => lambda("ERROR", text)),
      fc.jsonValue().map((error) => json({ level: "ERROR", error, message: error })),
      fc.array(fc.constantFrom("😀", "\ud83d", "x"), { maxLength: 700 }).map((parts) => `ERROR ${parts.join("")}`),
    );
    fc.assert(
      fc.property(texts, (line) => {
        const fingerprint = errorFingerprint(line);
        expect(fingerprint?.id.isWellFormed()).toBe(true);
        expect(fingerprint?.id.length).toBeLessThanOrEqual(620);
        expect(fingerprint?.id).not.toMatch(/[\n\r]/);
      }),
      { numRuns: 300 },
    );
  });

  it("reads a megabyte in no time", () => {
    const parts = ["a1", "at x (", "'", "a@", "Error: ", "https://", "\tERROR\t{", "0a-"];
    const start = performance.now();
    for (const part of parts) {
      const long = part.repeat(1_000_000 / part.length);
      for (const line of [
        long,
        `ERROR ${long}`,
        `Error: x\n    at ${long}`,
        lambda("ERROR", long),
        json({ level: "ERROR", message: long }),
      ]) {
        errorFingerprint(line);
      }
    }
    // 40 lines; generous, as other tests share the machine. Backtracking would take hours.
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
