import { afterEach, beforeEach, expect, test } from "vitest";
import type { InputOf } from "../../core/service.ts";
import { type LogsHarness, logsHarness } from "./logs-harness.ts";
import type { Logs } from "./logs-state.ts";

const HOUR_MS = 3_600_000;

let aws: LogsHarness;
let now: number;

beforeEach(async () => {
  aws = logsHarness();
  await aws.call("CreateLogGroup", group);
  now = Math.floor(aws.core.clock.now());
});

afterEach(() => aws.dispose());

const group = { logGroupName: "/g" };

interface Sent {
  readonly stream: string;
  readonly at: number;
  readonly message: string;
}

/** Sixty events in three streams, many at the same time, and not in the order of time. */
const SENT: readonly Sent[] = Array.from({ length: 60 }, (_, index) => ({
  stream: ["a1", "a2", "b"][index % 3] ?? "",
  at: (index * 37) % 7,
  message: `${index % 4 === 0 ? "ERROR" : "INFO"} ${index}`,
}));

function append(sent: readonly Sent[]): void {
  for (const { stream, at, message } of sent) {
    aws.logs.sink.append("/g", stream, [{ timestamp: now + at, message }]);
  }
}

type Input = Partial<InputOf<Logs, "FilterLogEvents">>;

/** All pages, to the last. */
async function pagesOf(input: Input, between: (page: number) => void = () => {}): Promise<string[][]> {
  const pages: string[][] = [];
  let nextToken: string | undefined;
  do {
    const page = await aws.call("FilterLogEvents", { ...group, ...input, nextToken });
    pages.push((page.events ?? []).map(({ message = "" }) => message));
    nextToken = page.nextToken;
    between(pages.length);
  } while (nextToken !== undefined);
  return pages;
}

const cases: [string, Input, (event: Sent) => boolean][] = [
  ["everything", {}, () => true],
  ["a pattern", { filterPattern: "ERROR" }, ({ message }) => message.startsWith("ERROR")],
  ["streams by name", { logStreamNames: ["a2", "b"] }, ({ stream }) => stream !== "a1"],
  ["streams by prefix", { logStreamNamePrefix: "a" }, ({ stream }) => stream.startsWith("a")],
];

test.each(cases)(
  "pages of every size, in both directions, hold each event once, in order: %s",
  async (_, input, isIn) => {
    append(SENT);
    const expected = SENT.map((event, index) => ({ ...event, index }))
      .filter(isIn)
      .sort((left, right) => left.at - right.at || left.index - right.index)
      .map(({ message }) => message);
    for (let limit = 1; limit <= 61; limit = limit < 8 ? limit + 1 : limit * 2) {
      const forward = await pagesOf({ ...input, limit });
      expect(forward.flat(), `limit ${limit}`).toEqual(expected);
      expect(Math.max(...forward.map(({ length }) => length))).toBeLessThanOrEqual(limit);
      const backward = await pagesOf({ ...input, limit, startFromHead: false });
      expect(backward.flat(), `limit ${limit}, backwards`).toEqual(expected.toReversed());
    }
  },
);

test("the bounds of time are both inside", async () => {
  append(SENT);
  const found = (await pagesOf({ startTime: now + 2, endTime: now + 4, limit: 3 })).flat();
  expect(found).toHaveLength(SENT.filter(({ at }) => at >= 2 && at <= 4).length);
  await expect(aws.call("FilterLogEvents", { ...group, startTime: 2, endTime: 1 })).rejects.toThrow(
    "Start time cannot be later than end time.",
  );
});

test("what comes in while one pages is found when it is later than the place, and nothing is found twice", async () => {
  append(SENT);
  const late = { stream: "c", at: 6, message: "late" };
  const early = { stream: "c", at: 0, message: "early" };
  const pages = await pagesOf({ limit: 20 }, (page) => {
    if (page === 1) {
      append([early, late]);
    }
  });
  const found = pages.flat();
  expect(found).toContain("late");
  expect(found).not.toContain("early");
  expect(new Set(found).size).toBe(61);
});

test("a page holds a megabyte at most, and one event at least", async () => {
  const large = "x".repeat(600_000);
  append([1, 2, 3].map((at) => ({ stream: "a", at, message: `${at}${large}` })));
  expect((await pagesOf({})).map((page) => page.map((message) => message[0]))).toEqual([["1"], ["2"], ["3"]]);
});

test("one call looks at no more than some megabytes, and leaves the rest for the next", async () => {
  const large = "x".repeat(1_000_000);
  append(Array.from({ length: 40 }, (_, at) => ({ stream: "a", at, message: at === 39 ? "ERROR at last" : large })));
  expect(await pagesOf({ filterPattern: "ERROR" })).toEqual([[], ["ERROR at last"]]);
});

test("a token turns its own way, for 24 hours, whatever else the request says", async () => {
  append(SENT);
  const { nextToken } = await aws.call("FilterLogEvents", { ...group, limit: 2, startFromHead: false });
  const next = { ...group, limit: 2, nextToken };
  const turned = await aws.call("FilterLogEvents", { ...next, startFromHead: true });
  expect(turned.events).toEqual((await aws.call("FilterLogEvents", next)).events);
  await aws.core.clock.advance(24 * HOUR_MS + 1000);
  const refused = { code: "InvalidParameterException", message: "The specified nextToken is invalid." };
  await expect(aws.call("FilterLogEvents", next)).rejects.toMatchObject(refused);
  await expect(aws.call("FilterLogEvents", { ...group, nextToken: "made up" })).rejects.toMatchObject(refused);
});

test("the latest first is not for what is older than 2024", async () => {
  const old = { ...group, startFromHead: false, startTime: Date.UTC(2023, 11, 31) };
  await expect(aws.call("FilterLogEvents", old)).rejects.toThrow("startFromHead can be false only when");
});

test("streams are named or begun, not both, and those that are named are there", async () => {
  append(SENT);
  const both = { ...group, logStreamNames: ["b"], logStreamNamePrefix: "a" };
  await expect(aws.call("FilterLogEvents", both)).rejects.toMatchObject({ code: "InvalidParameterException" });
  const many = { ...group, logStreamNames: Array.from({ length: 101 }, (_, index) => `s${index}`) };
  await expect(aws.call("FilterLogEvents", many)).rejects.toThrow("less than or equal to 100");
  const { searchedLogStreams } = await aws.call("FilterLogEvents", { ...group, interleaved: false, unmask: true });
  expect(searchedLogStreams).toEqual([]);
});
