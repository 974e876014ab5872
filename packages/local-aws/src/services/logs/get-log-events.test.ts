import { afterEach, beforeEach, expect, test } from "vitest";
import type { InputOf } from "../../core/service.ts";
import { type LogsHarness, logsHarness } from "./logs-harness.ts";
import type { Logs } from "./logs-state.ts";

let aws: LogsHarness;
let now: number;

const stream = { logGroupName: "/g", logStreamName: "s" };

beforeEach(async () => {
  aws = logsHarness();
  now = Math.floor(aws.core.clock.now());
  await aws.call("CreateLogGroup", { logGroupName: "/g" });
  await aws.call("CreateLogStream", stream);
});

afterEach(() => aws.dispose());

/** Twenty events, several at the same time, between those of another stream. */
const TIMES = Array.from({ length: 20 }, (_, index) => (index * 13) % 5);
const ORDERED = TIMES.map((at, index) => ({ at, message: `m${index}` })).sort((left, right) => left.at - right.at);

function append(logStreamName: string, events: readonly { readonly at: number; readonly message: string }[]): void {
  for (const { at, message } of events) {
    aws.logs.sink.append("/g", logStreamName, [{ timestamp: now + at, message }]);
  }
}

type Input = Partial<InputOf<Logs, "GetLogEvents">>;

/** Pages until the token that went in comes out again, which is how AWS says that this is the end. */
async function walk(input: Input, direction: "nextForwardToken" | "nextBackwardToken") {
  const pages: string[][] = [];
  let nextToken: string | undefined;
  for (;;) {
    const page = await aws.call("GetLogEvents", { ...stream, ...input, nextToken });
    if (page[direction] === nextToken) {
      expect(page.events).toEqual([]);
      return { pages, nextToken };
    }
    pages.push((page.events ?? []).map(({ message = "" }) => message));
    nextToken = page[direction];
  }
}

test.each([1, 2, 3, 7, 19, 20, 21])("pages of %i give each event once, from either end", async (limit) => {
  append("other", ORDERED);
  append(
    "s",
    TIMES.map((at, index) => ({ at, message: `m${index}` })),
  );
  const expected = ORDERED.map(({ message }) => message);
  const forward = await walk({ limit, startFromHead: true }, "nextForwardToken");
  expect(forward.pages.flat()).toEqual(expected);
  const backward = await walk({ limit }, "nextBackwardToken");
  expect(backward.pages.toReversed().flat()).toEqual(expected);
});

test("the start is inside and the end is not", async () => {
  append("s", ORDERED);
  const { pages } = await walk(
    { startTime: now + 1, endTime: now + 3, startFromHead: true, limit: 3 },
    "nextForwardToken",
  );
  expect(pages.flat()).toEqual(ORDERED.filter(({ at }) => at === 1 || at === 2).map(({ message }) => message));
  const wrong = { ...stream, startTime: 2, endTime: 1 };
  await expect(aws.call("GetLogEvents", wrong)).rejects.toThrow("Start time cannot be later than end time.");
});

test("an end is an end until something comes: also that of an empty stream", async () => {
  const { pages, nextToken } = await walk({ startFromHead: true }, "nextForwardToken");
  expect(pages).toEqual([[]]);
  append("s", [{ at: 0, message: "first" }]);
  const page = await aws.call("GetLogEvents", { ...stream, nextToken, startFromHead: true });
  expect(page.events?.map(({ message }) => message)).toEqual(["first"]);
  append("s", [{ at: 0, message: "second" }]);
  const later = await aws.call("GetLogEvents", { ...stream, nextToken: page.nextForwardToken, startFromHead: true });
  expect(later.events?.map(({ message }) => message)).toEqual(["second"]);
});

test("pages hold a megabyte at most", async () => {
  const large = "x".repeat(600_000);
  append(
    "s",
    [1, 2, 3].map((at) => ({ at, message: `${at}${large}` })),
  );
  const { pages } = await walk({ startFromHead: true }, "nextForwardToken");
  expect(pages.map((page) => page.map((message) => message[0]))).toEqual([["1"], ["2"], ["3"]]);
});

test("a stream that is not there, and a group that is named twice, are refused", async () => {
  await expect(aws.call("GetLogEvents", { ...stream, logStreamName: "none" })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
  });
  await expect(aws.call("GetLogEvents", { ...stream, logGroupIdentifier: "/g" })).rejects.toThrow(
    "cannot be specified at the same time",
  );
});
