import { describe, expect, it, test } from "vitest";
import type { LogEvent } from "../../ports/logs.ts";
import { fakeLogs } from "../../validation/test/fake-observers.ts";
import { LookMemory } from "./look-memory.ts";
import { categoryOf, measureErrorLogs } from "./measure-error-logs.ts";

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 28, 12);
const functions = [{ name: "orders", logGroup: "/aws/lambda/orders", aliases: [], timeoutSeconds: 10, memoryMb: 128 }];
const line = (at: number, message: string) => ({ group: "/aws/lambda/orders", at, message });
const window = { from: NOW - 5 * MINUTE, to: NOW };
const question = { functions, filter: "ERROR", window, now: NOW };

describe("measureErrorLogs", () => {
  it("counts each fingerprint in the window and in the hour before it", async () => {
    const logs = fakeLogs([
      line(NOW - 70 * MINUTE, "ERROR: long ago"),
      line(NOW - 20 * MINUTE, "ERROR: order 7 is empty"),
      line(NOW - 2 * MINUTE, "ERROR: order 8 is empty"),
      line(NOW - MINUTE, "ERROR: order 9 is empty"),
      line(NOW - MINUTE + 1, "ERROR: another"),
      line(NOW - MINUTE + 2, "no ERROR"),
    ]);

    expect(await measureErrorLogs(logs, question)).toMatchObject({
      ...{ total: 3, totalBefore: 1, windowMs: 5 * MINUTE, beforeMs: 60 * MINUTE },
      errors: [
        {
          fingerprint: "Error: order <number> is empty",
          function: "orders",
          count: 2,
          minutes: 2,
          before: 1,
          firstAt: NOW - 2 * MINUTE,
        },
        { fingerprint: "Error: another", count: 1, minutes: 1, before: 0 },
      ],
    });
  });

  it("reads settled minutes once, and late lines of the others again", async () => {
    const lines = [line(NOW - 10 * MINUTE, "ERROR: old"), line(NOW - MINUTE, "ERROR: new")];
    const logs = fakeLogs(lines);
    const asked: number[] = [];
    const counting = {
      ...logs,
      events(...[which, span, signal]: Parameters<typeof logs.events>): AsyncIterable<LogEvent> {
        asked.push((span.to - span.from) / MINUTE);
        return logs.events(which, span, signal);
      },
    };
    const memory = new LookMemory();
    await measureErrorLogs(counting, { ...question, memory });
    lines.push(line(NOW - MINUTE + 5, "ERROR: late"));
    const now = NOW + MINUTE;
    const next = { ...question, window: { from: window.from + MINUTE, to: now }, now, memory };

    expect(await measureErrorLogs(counting, next)).toEqual(
      await measureErrorLogs(logs, { ...next, memory: new LookMemory() }),
    );
    expect(asked).toEqual([5, 60, 4]);
  });

  it("sees what is new, also where more was logged before than anybody reads", async () => {
    const noise = Array.from({ length: 25_000 }, (_, index) => line(NOW - 50 * MINUTE + index, "ERROR: as always"));
    const logs = fakeLogs([...noise, line(NOW - MINUTE, "ERROR: the record is damaged")]);

    expect(await measureErrorLogs(logs, question)).toMatchObject({
      ...{ total: 1, totalBefore: 20_000 },
      errors: [{ fingerprint: "Error: the record is damaged", category: "data", count: 1, before: 0 }],
    });
  });

  it("tells which version has written what", async () => {
    const event = { id: "1", at: NOW - 1, ingestedAt: NOW, group: "/aws/lambda/orders", message: "ERROR: x" };
    const logs = {
      ...fakeLogs([]),
      async *events(_: unknown, { to }: { readonly to: number }) {
        const found = to < NOW ? [] : ["2026/11/28/[8]0123", "2026/11/28/[$LATEST]0123"];
        yield* found.map((stream) => ({ ...event, stream }));
      },
    };

    expect((await measureErrorLogs(logs, question)).errors[0]?.versions).toEqual({ "8": 1, $LATEST: 1 });
  });
});

test.each([
  ["Sandbox.Timedout", "Task timed out after 10.00 seconds", "timeout"],
  ["Runtime.OutOfMemory", "the function used more memory than it has", "memory"],
  ["Runtime.ExitError", "RequestId: x Error: Runtime exited with error: signal: killed", "memory"],
  ["AccessDeniedException", "User: <arn> is not authorized to perform: dynamodb:PutItem", "access"],
  ["Error", "The record <uuid> has no text <value>.", "data"],
  ["Error", "The note of an answered request is incomplete.", "data"],
  ["CorruptItemError", "createdAt", "data"],
  ["TypeError", "Cannot read properties of undefined", "other"],
  ["StoreUnavailableError", "The items table is unavailable.", "other"],
])("%s: %s is about %s", (errorClass, message, category) => {
  expect(categoryOf(errorClass, message)).toBe(category);
});
