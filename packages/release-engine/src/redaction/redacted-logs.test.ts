import { expect, test } from "vitest";
import type { LogEvent, LogsReader } from "../ports/logs.ts";
import { createRedactor } from "./create-redactor.ts";
import { redactedLogs } from "./redacted-logs.ts";

const event: LogEvent = {
  ...{ id: "1", at: 1, ingestedAt: 2, group: "/aws/lambda/api", stream: "s" },
  message: '{"level":"ERROR","message":"tiger4-lion7 is wrong"}',
};

async function* events() {
  yield event;
}

const reader: LogsReader = {
  events,
  follow: events,
  query: async () => ({
    fields: ["@message"],
    rows: [{ "@message": "tiger4-lion7" }],
    statistics: { recordsMatched: 1, recordsScanned: 1, bytesScanned: 1 },
  }),
  savedQueries: async () => [],
};

test("what is read of logs has no secrets in it, and is the same otherwise", async () => {
  const redactor = createRedactor();
  redactor.learn("tiger4-lion7");
  const logs = redactedLogs(reader, redactor);
  const window = { from: 0, to: 1 };
  const signal = new AbortController().signal;
  const read: LogEvent[] = [];
  for (const found of [logs.events({ groups: [] }, window), logs.follow({ groups: [] }, 0, signal)]) {
    for await (const each of found) read.push(each);
  }
  const without = { ...event, message: '{"level":"ERROR","message":"(redacted) is wrong"}' };
  expect(read).toEqual([without, without]);
  expect((await logs.query({ groups: [], query: "" }, window)).rows).toEqual([{ "@message": "(redacted)" }]);
});
