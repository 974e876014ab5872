import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  PutLogEventsCommand,
  PutQueryDefinitionCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { LogEvent } from "@slipway/release-engine";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { collect } from "../test/collect.ts";
import { eventually } from "../test/eventually.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { AwsLogsReader } from "./aws-logs-reader.ts";

const GROUPS = ["/test/a", "/test/b"];

let aws: LocalAwsFixture;
let logs: CloudWatchLogsClient;
let reader: AwsLogsReader;
/** A while ago, so that there is room behind it. */
let base: number;

beforeAll(async () => {
  aws = await localAwsFixture();
  logs = new CloudWatchLogsClient(aws.client);
  reader = new AwsLogsReader({ ...aws.client, pollMs: 20 });
});

beforeEach(async () => {
  base = Date.now() - 10 * 60_000;
  for (const logGroupName of GROUPS) {
    await makeGroup(logGroupName);
  }
});

afterEach(async () => {
  await aws.clearFaults();
  for (const logGroupName of GROUPS) {
    await logs.send(new DeleteLogGroupCommand({ logGroupName }));
  }
});

afterAll(async () => {
  reader?.close();
  logs?.destroy();
  await aws?.close();
});

async function makeGroup(logGroupName: string): Promise<void> {
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: "s" }));
}

/** Puts events, `[seconds after base, message]` in the order of time. */
function put(logGroupName: string, ...events: readonly (readonly [number, string])[]): Promise<unknown> {
  const logEvents = events.map(([second, message]) => ({ timestamp: base + second * 1000, message }));
  return logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: "s", logEvents }));
}

const messages = (events: readonly LogEvent[]) => events.map(({ message }) => message);
const window = () => ({ from: base, to: base + 600_000 });

describe("events", () => {
  test("come in the order of time over all groups, and say where they were", async () => {
    await put("/test/a", [1, "a1"], [3, "a3"]);
    await put("/test/b", [0, "b0"], [2, "b2"], [4, "b4"]);

    const events = await collect(reader.events({ groups: [...GROUPS, "/test/not-there-yet"] }, window()));

    expect(messages(events)).toEqual(["b0", "a1", "b2", "a3", "b4"]);
    expect(events[0]).toMatchObject({ at: base, group: "/test/b", stream: "s" });
    expect(new Set(events.map(({ id }) => id)).size).toBe(5);
    expect(events.every(({ ingestedAt }) => ingestedAt >= base)).toBe(true);
  });

  test("of windows that meet come once", async () => {
    await put("/test/a", [0, "first"], [60, "at the seam"], [120, "at the end"]);
    const groups = ["/test/a"];

    const first = await collect(reader.events({ groups }, { from: base, to: base + 60_000 }));
    const second = await collect(reader.events({ groups }, { from: base + 60_000, to: base + 120_000 }));

    expect([messages(first), messages(second)]).toEqual([["first"], ["at the seam"]]);
  });

  test("are read page by page to the last one, and no page more than is asked for", async () => {
    // Five pages of a megabyte.
    for (let part = 0; part < 5; part++) {
      await put(
        "/test/a",
        ...Array.from({ length: 10 }, (_, index) => [part * 10 + index, "x".repeat(100_000)] as const),
      );
    }

    expect(await collect(reader.events({ groups: ["/test/a"] }, window()))).toHaveLength(50);

    let read = 0;
    for await (const _ of reader.events({ groups: ["/test/a"] }, window())) {
      read++;
      if (read === 3) {
        // Whoever has enough after three lines does not need an AWS any more.
        await aws.plantFault({ kind: "error", service: "logs", operation: "FilterLogEvents" });
        break;
      }
    }
    expect(read).toBe(3);
  });

  test("are chosen by a filter pattern", async () => {
    await put("/test/a", [0, '{"level":"INFO"}'], [1, '{"level":"ERROR"}'], [2, "ERROR as text"]);

    const events = await collect(reader.events({ groups: ["/test/a"], filter: '{ $.level = "ERROR" }' }, window()));

    expect(messages(events)).toEqual(['{"level":"ERROR"}']);
  });

  test("say which filter is none, in AWS's own words", async () => {
    const broken = collect(reader.events({ groups: ["/test/a"], filter: "{ $.level = " }, window()));

    await expect(broken).rejects.toMatchObject({
      name: "ReleaseError",
      kind: "usage",
      what: "The filter pattern is none: { $.level = ",
      why: expect.stringMatching(/pattern/i),
      next: expect.stringContaining("https://docs.aws.amazon.com/"),
    });
  });

  test("come through throttling, which the SDK waits out", async () => {
    await put("/test/a", [0, "there"]);
    await aws.plantFault({ kind: "throttle", service: "logs", operation: "FilterLogEvents", remaining: 2 });

    expect(messages(await collect(reader.events({ groups: ["/test/a"] }, window())))).toEqual(["there"]);
  });

  test("say what may not be read, and who", async () => {
    const nobody = new AwsLogsReader({
      ...aws.client,
      credentials: { accessKeyId: "AKIANOBODY0000000000", secretAccessKey: "x" },
    });

    await expect(collect(nobody.events({ groups: ["/test/a"] }, window()))).rejects.toMatchObject({
      kind: "denied",
      what: "logs:FilterLogEvents failed for the log group /test/a",
    });
    nobody.close();
  });

  test("end when the signal is given", async () => {
    await put("/test/a", [0, "one"], [1, "two"]);
    const stop = new AbortController();
    stop.abort();

    await expect(collect(reader.events({ groups: ["/test/a"] }, window(), stop.signal))).rejects.toThrow(/abort/i);
  });
});

describe("follow", () => {
  /** Follows until it is stopped. */
  function following(from = base, groups: readonly string[] = GROUPS) {
    const stop = new AbortController();
    const given: string[] = [];
    const notes: string[] = [];
    const ended = (async () => {
      const events = reader.follow({ groups }, from, stop.signal, {
        caughtUp: () => notes.push("caught up"),
        troubled: ({ kind }) => notes.push(`troubled: ${kind}`),
        recovered: () => notes.push("recovered"),
      });
      for await (const { message } of events) {
        given.push(message);
      }
    })();
    return {
      given,
      notes,
      until: (message: string) => eventually(message, () => given.includes(message)),
      noted: (note: string) => eventually(note, () => notes.includes(note)),
      async stop() {
        stop.abort();
        await ended;
      },
    };
  }

  test("gives what was there, then what comes, also late and in a group that is made later, each once", async () => {
    await put("/test/a", [0, "there"], [60, "newer"]);
    const follower = following(base, [...GROUPS, "/test/later"]);
    await follower.noted("caught up");
    expect(follower.given).toEqual(["there", "newer"]);

    await put("/test/b", [61, "comes"]);
    await follower.until("comes");
    await put("/test/a", [30, "half a minute late"]);
    await follower.until("half a minute late");
    await makeGroup("/test/later");
    await put("/test/later", [62, "of the new group"]);
    await follower.until("of the new group");
    await put("/test/a", [400, "last"]);
    await follower.until("last");
    await follower.stop();

    expect(follower.given).toEqual(["there", "newer", "comes", "half a minute late", "of the new group", "last"]);
    await logs.send(new DeleteLogGroupCommand({ logGroupName: "/test/later" }));
  });

  test("goes on through trouble that passes, and tells of it once", async () => {
    const follower = following();
    await follower.noted("caught up");

    await aws.plantFault({ kind: "error", service: "logs", operation: "FilterLogEvents" });
    await put("/test/a", [1, "meanwhile"]);
    await follower.noted("troubled: failed");
    expect(follower.given).toEqual([]);
    await aws.clearFaults();
    await follower.until("meanwhile");
    await follower.noted("recovered");
    await follower.stop();

    expect(follower.notes).toEqual(["caught up", "troubled: failed", "recovered"]);
  });

  test("fails at once for a filter that is none", async () => {
    const broken = collect(reader.follow({ groups: GROUPS, filter: "{" }, base, new AbortController().signal));

    await expect(broken).rejects.toMatchObject({ kind: "usage" });
  });
});

describe("saved queries", () => {
  test("are those of a prefix, with their groups, over all pages", async () => {
    for (const name of ["api/Error Analysis", "api/Performance", "other/Errors"]) {
      await logs.send(
        new PutQueryDefinitionCommand({
          name,
          queryString: `fields @message | limit ${name.length}`,
          logGroupNames: ["/test/a"],
        }),
      );
    }

    const found = await reader.savedQueries("api/");
    expect(found.toSorted((left, right) => (left.name < right.name ? -1 : 1))).toEqual([
      { name: "api/Error Analysis", query: "fields @message | limit 18", groups: ["/test/a"] },
      { name: "api/Performance", query: "fields @message | limit 15", groups: ["/test/a"] },
    ]);
    expect(await reader.savedQueries("")).toHaveLength(3);
    expect(await reader.savedQueries("nobody")).toEqual([]);
  });
});
