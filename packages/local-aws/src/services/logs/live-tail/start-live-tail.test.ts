import { Agent } from "node:http";
import {
  CloudWatchLogsClient,
  type CloudWatchLogsClientConfig,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  StartLiveTailCommand,
  type StartLiveTailCommandInput,
  type StartLiveTailResponseStream,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ServedServices, serveServices } from "../../../test/serve-services.ts";
import { startEndpoint, type TestEndpoint } from "../../../test/start-endpoint.ts";
import { type TestCore, testCore } from "../../../test/test-core.ts";
import { createLogs, type LogsService } from "../create-logs.ts";

const ARN = "arn:aws:logs:us-east-1:000000000000:log-group:";
const HOURS = 3_600_000;

let core: TestCore;
let logs: LogsService;
let served: ServedServices;
let aws: CloudWatchLogsClient;
const clients: CloudWatchLogsClient[] = [];

beforeEach(async () => {
  core = testCore();
  logs = createLogs(core, { metrics: { record: () => {} } });
  served = await serveServices(core, [logs.service]);
  aws = client({ disableHostPrefix: true });
  for (const logGroupName of ["/one", "/two", "/three"]) {
    await aws.send(new CreateLogGroupCommand({ logGroupName }));
  }
});

afterEach(async () => {
  for (const each of clients.splice(0)) {
    each.destroy();
  }
  await served.close();
  core.dispose();
});

function client(config: Partial<CloudWatchLogsClientConfig>): CloudWatchLogsClient {
  const made = new CloudWatchLogsClient({ ...served.client, maxAttempts: 1, ...config });
  clients.push(made);
  return made;
}

function append(group: string, stream: string, ...messages: string[]): void {
  const timestamp = core.clock.now();
  logs.sink.append(
    group,
    stream,
    messages.map((message) => ({ timestamp, message })),
  );
}

/** Lets what was appended be written, and the second pass that the next update comes after. */
async function aSecondLater(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await core.clock.advance(1000);
}

type Update = NonNullable<StartLiveTailResponseStream["sessionUpdate"]>;

/** A live tail that is read as it goes. */
async function tail(input: Partial<StartLiveTailCommandInput> = {}, by = aws, signal?: AbortSignal) {
  const command = new StartLiveTailCommand({ logGroupIdentifiers: [`${ARN}/one`], ...input });
  const { responseStream } = await by.send(command, signal === undefined ? {} : { abortSignal: signal });
  const events = (responseStream as AsyncIterable<StartLiveTailResponseStream>)[Symbol.asyncIterator]();
  const first = await events.next();
  const nextUpdate = async (): Promise<Update> => {
    const { value } = await events.next();
    return value?.sessionUpdate as Update;
  };
  return {
    start: first.value?.sessionStart,
    nextUpdate,
    /** The next update that has something in it: on a busy machine a second may pass before there is anything. */
    async nextFullUpdate() {
      for (;;) {
        const { sessionMetadata, sessionResults = [] } = await nextUpdate();
        if (sessionResults.length > 0) {
          return { sessionMetadata, sessionResults };
        }
      }
    },
    /** Reads to the end. */
    async rest(): Promise<Update[]> {
      const updates: Update[] = [];
      for (let next = await events.next(); !next.done; next = await events.next()) {
        updates.push(next.value.sessionUpdate as Update);
      }
      return updates;
    },
  };
}

describe("a session", () => {
  test("says what it follows, and then every second what came in", async () => {
    const session = await tail({ logEventFilterPattern: "ERROR -debug" });
    expect(session.start).toMatchObject({
      logGroupIdentifiers: [`${ARN}/one`],
      logEventFilterPattern: "ERROR -debug",
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      sessionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(await session.nextUpdate()).toEqual({ sessionMetadata: { sampled: false }, sessionResults: [] });

    const now = core.clock.now();
    await aws.send(new CreateLogStreamCommand({ logGroupName: "/one", logStreamName: "put" }));
    const logEvents = [
      { timestamp: Math.floor(now) - 5000, message: "ERROR put" },
      { timestamp: Math.floor(now), message: "ERROR debug" },
    ];
    await aws.send(new PutLogEventsCommand({ logGroupName: "/one", logStreamName: "put", logEvents }));
    append("/one", "appended", "fine", "ERROR appended");
    append("/two", "appended", "ERROR elsewhere");

    const { sessionResults: results } = await session.nextFullUpdate();
    expect(results).toMatchObject([
      {
        logGroupIdentifier: `${ARN}/one`,
        logStreamName: "put",
        message: "ERROR put",
        timestamp: Math.floor(now) - 5000,
      },
      { logStreamName: "appended", message: "ERROR appended" },
    ]);
    expect(results[0]?.ingestionTime).toBeGreaterThanOrEqual(Math.floor(now));
  });

  test.each<[Partial<StartLiveTailCommandInput>, string[]]>([
    [{ logGroupIdentifiers: [`${ARN}/one`, `${ARN}/two`] }, ["one a", "one b", "two a"]],
    [{ logStreamNames: ["b"] }, ["one b"]],
    [{ logStreamNamePrefixes: ["a", "x"] }, ["one a"]],
    [{ logEventFilterPattern: "%b$%" }, ["one b"]],
  ])("of %j gets %j", async (input, expected) => {
    const session = await tail(input);
    append("/one", "a", "one a");
    append("/one", "b", "one b");
    append("/two", "a", "two a");
    append("/three", "a", "three a");
    await aSecondLater();
    expect((await session.nextFullUpdate()).sessionResults.map(({ message }) => message)).toEqual(expected);
  });

  test("gets a sample of 500 of more events, in their order", async () => {
    const session = await tail();
    append("/one", "many", ...Array.from({ length: 5000 }, (_, index) => String(index)));
    await aSecondLater();
    const { sessionMetadata, sessionResults } = await session.nextFullUpdate();
    expect(sessionMetadata).toEqual({ sampled: true });
    const places = sessionResults.map(({ message }) => Number(message));
    expect(new Set(places).size).toBe(500);
    expect(places).toEqual(places.toSorted((left, right) => left - right));
    // From all over: of 500 out of 5000, none in a half is what does not happen.
    expect(places.filter((place) => place >= 2500).length).toBeGreaterThan(100);
  });

  test("of three hours ends with SessionTimeoutException", async () => {
    const session = await tail();
    const ended = expect(session.rest()).rejects.toMatchObject({
      name: "SessionTimeoutException",
      message: "The Live Tail session has been open for three hours.",
    });
    await core.clock.advance(3 * HOURS);
    await ended;
  });

  test("ends with local AWS", async () => {
    const session = await tail();
    const ended = expect(session.rest()).rejects.toMatchObject({ name: "SessionStreamingException" });
    await logs.service.close?.();
    await ended;
  });
});

test("a session ends when its client goes: fifteen at a time, and a sixteenth once one has gone", async () => {
  const gone = new AbortController();
  const leaving = client({ disableHostPrefix: true });
  await tail({}, aws, gone.signal);
  await tail({}, leaving);
  for (let count = 2; count < 15; count++) {
    await tail();
  }
  const limit = { name: "LimitExceededException" };
  await expect(tail()).rejects.toMatchObject(limit);
  gone.abort();
  await expect
    .poll(() =>
      tail().then(
        () => "started",
        ({ name }) => name,
      ),
    )
    .toBe("started");
  await expect(tail()).rejects.toMatchObject(limit);
  leaving.destroy();
  await expect
    .poll(() =>
      tail().then(
        () => "started",
        ({ name }) => name,
      ),
    )
    .toBe("started");
});

describe("local AWS with a session open", () => {
  let endpoint: TestEndpoint;
  let session: Awaited<ReturnType<typeof tail>>;

  beforeEach(async () => {
    endpoint = await startEndpoint();
    const whole = client({ ...endpoint.client, disableHostPrefix: true });
    await whole.send(new CreateLogGroupCommand({ logGroupName: "/one" }));
    session = await tail({}, whole);
  });

  test("can be reset: the session is told that it has ended", async () => {
    const ended = expect(session.rest()).rejects.toMatchObject({ name: "SessionStreamingException" });
    const headers = { "x-slipway-control": "1" };
    expect((await fetch(`${endpoint.url}/_slipway/reset`, { method: "POST", headers })).status).toBe(200);
    await ended;
    await endpoint.close();
  });

  test("can be stopped: it waits for nobody", async () => {
    const ended = expect(session.rest()).rejects.toThrow();
    await endpoint.close();
    await ended;
  });
});

test("the SDK's host prefix changes nothing but the name that has to resolve", async () => {
  const asked: string[] = [];
  const httpAgent = new Agent({
    lookup: (name, _options, done) => {
      asked.push(name);
      done(null, [{ address: "127.0.0.1", family: 4 }]);
    },
  });
  const prefixed = client({ requestHandler: { httpAgent }, endpoint: served.url.replace("127.0.0.1", "localhost") });
  const session = await tail({}, prefixed);
  append("/one", "s", "heard");
  await aSecondLater();
  expect((await session.nextFullUpdate()).sessionResults.map(({ message }) => message)).toEqual(["heard"]);
  expect(asked).toEqual(["stream-localhost"]);
});

test.each<[Partial<StartLiveTailCommandInput>, string, string]>([
  [{ logGroupIdentifiers: [] }, "InvalidParameterException", "Value at 'logGroupIdentifiers'"],
  [
    { logGroupIdentifiers: Array.from({ length: 11 }, () => `${ARN}/one`) },
    "InvalidParameterException",
    "between 1 and 10",
  ],
  [{ logGroupIdentifiers: ["/one"] }, "InvalidParameterException", "Value '/one' at 'logGroupIdentifiers'"],
  [{ logGroupIdentifiers: [`${ARN}/one:*`] }, "InvalidParameterException", "without ':*'"],
  [{ logGroupIdentifiers: [`${ARN}/none`] }, "ResourceNotFoundException", "does not exist"],
  [{ logGroupIdentifiers: [`${ARN}/rare`] }, "InvalidOperationException", "INFREQUENT_ACCESS"],
  [{ logStreamNames: ["a"], logStreamNamePrefixes: ["b"] }, "InvalidParameterException", "Only one of"],
  [
    { logGroupIdentifiers: [`${ARN}/one`, `${ARN}/two`], logStreamNames: ["a"] },
    "InvalidParameterException",
    "only with a single log group",
  ],
  [{ logEventFilterPattern: "{ broken" }, "InvalidParameterException", "Invalid filter pattern"],
])("%j is refused", async (input, name, message) => {
  await aws.send(new CreateLogGroupCommand({ logGroupName: "/rare", logGroupClass: "INFREQUENT_ACCESS" }));
  await expect(tail(input)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
});
