import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ManualClock } from "@slipway/testing";
import { afterEach, describe, expect, test } from "vitest";
import { collect } from "../test/collect.ts";
import { AwsLogsReader } from "./aws-logs-reader.ts";

/** Answers of the service, told apart by operation; the last one of an operation is given again and again. */
type Script = Readonly<Record<string, readonly { readonly status?: number; readonly body: object }[]>>;

let server: Server | undefined;
let reader: AwsLogsReader | undefined;

afterEach(() => {
  reader?.close();
  server?.closeAllConnections();
  server?.close();
});

/** A service that speaks AWS JSON 1.1, for states of queries that take too long or cannot be brought about on local AWS. */
async function arrange(script: Script) {
  const calls: { operation: string; input: Record<string, unknown> }[] = [];
  server = createServer(async (request, response) => {
    const input = JSON.parse(Buffer.concat(await collect(request)).toString("utf8"));
    const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
    const before = calls.filter((call) => call.operation === operation).length;
    calls.push({ operation, input });
    const answers = script[operation] ?? [];
    const { status = 200, body } = answers[Math.min(before, answers.length - 1)] ?? { status: 400, body: {} };
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const clock = new ManualClock();
  reader = new AwsLogsReader({
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    clock,
    maxAttempts: 1,
  });
  return { calls, clock, reader };
}

const STARTED = [{ body: { queryId: "q1" } }];
const WINDOW = { from: 1_500, to: 61_001 };
const request = { groups: ["/g"], query: "fields @message" };

const field = (name: string, value: string) => ({ field: name, value });

describe("an answer", () => {
  test("is waited for, less and less often, and put together from all pages", async () => {
    const page = (value: string, nextToken?: string) => ({
      body: {
        ...{ status: "Complete", nextToken, statistics: { recordsMatched: 2, recordsScanned: 9, bytesScanned: 99 } },
        results: [[field("a", value), field("@ptr", "p")]],
      },
    });
    const { calls, clock, reader } = await arrange({
      StartQuery: STARTED,
      GetQueryResults: [
        { body: { status: "Scheduled" } },
        { body: { status: "Running", results: [[field("a", "half of it")]] } },
        page("1", "more"),
        page("2"),
      ],
    });
    const began = clock.now();

    const answer = await reader.query({ ...request, limit: 20_000 }, WINDOW);

    expect(answer).toEqual({
      fields: ["a"],
      rows: [{ a: "1" }, { a: "2" }],
      statistics: { recordsMatched: 2, recordsScanned: 9, bytesScanned: 99 },
    });
    expect(calls[0]?.input).toEqual({
      ...{ logGroupNames: ["/g"], queryString: "fields @message", limit: 20_000 },
      // Whole seconds, around what was asked for.
      ...{ startTime: 1, endTime: 62 },
    });
    expect(calls.at(-1)?.input).toEqual({ queryId: "q1", nextToken: "more" });
    expect(clock.now() - began).toBe(100 + 150);
  });

  test("has the columns of all rows, each behind the one that it stands behind", async () => {
    const { reader } = await arrange({
      StartQuery: STARTED,
      GetQueryResults: [
        {
          body: {
            status: "Complete",
            results: [
              [field("a", "1"), field("d", "1")],
              [field("a", "2"), field("b", "2"), field("c", "2")],
              [field("b", "3"), field("d", "3"), field("e", "3")],
            ],
          },
        },
      ],
    });

    const { fields, rows } = await reader.query(request, WINDOW);

    expect(fields).toEqual(["a", "b", "c", "d", "e"]);
    expect(rows[1]).toEqual({ a: "2", b: "2", c: "2" });
  });
});

test("about a time before the groups is nothing, though AWS calls the query malformed", async () => {
  const message =
    "Query's end date and time is either before the log groups creation time or exceeds the log groups log retention settings";
  const { reader } = await arrange({
    StartQuery: [{ status: 400, body: { __type: "MalformedQueryException", message } }],
  });

  expect(await reader.query(request, WINDOW)).toEqual({
    ...{ fields: [], rows: [] },
    statistics: { recordsMatched: 0, recordsScanned: 0, bytesScanned: 0 },
  });
});

describe("a query that fails", () => {
  const query = "fields @message\n| sort @timestamp up";
  const refused = (name: string, body: object = {}) => [{ status: 400, body: { __type: name, ...body } }];

  test("is shown with the place when it is malformed", async () => {
    const { reader } = await arrange({
      StartQuery: refused("MalformedQueryException", {
        message: "unexpected symbol found up at line 2 and position 18",
        queryCompileError: {
          message: "unexpected symbol found up",
          location: { startCharOffset: query.indexOf("up"), endCharOffset: query.length },
        },
      }),
    });

    await expect(reader.query({ ...request, query }, WINDOW)).rejects.toMatchObject({
      kind: "usage",
      why: "unexpected symbol found up\n| sort @timestamp up\n                  ^^",
    });
  });

  test("is shown as a whole when AWS does not say where it is malformed", async () => {
    const { reader } = await arrange({
      StartQuery: refused("MalformedQueryException", { message: "unexpected end" }),
    });

    await expect(reader.query(request, WINDOW)).rejects.toMatchObject({
      kind: "usage",
      why: "unexpected end\nfields @message",
    });
  });

  test.each([
    ["Failed", "failed"],
    ["Cancelled", "failed"],
    ["Timeout", "timeout"],
    ["Unknown", "failed"],
  ])("says that it ended as %s", async (status, kind) => {
    const { reader } = await arrange({ StartQuery: STARTED, GetQueryResults: [{ body: { status } }] });

    await expect(reader.query(request, WINDOW)).rejects.toMatchObject({
      kind,
      why: `CloudWatch Logs says that it is ${status} (query q1)`,
    });
  });

  test("says what to wait for when too many run", async () => {
    const { reader } = await arrange({ StartQuery: refused("LimitExceededException", { message: "30 at once" }) });

    await expect(reader.query(request, WINDOW)).rejects.toMatchObject({
      kind: "throttled",
      next: expect.stringContaining("other queries"),
    });
  });

  test("says which right is missing", async () => {
    const { reader } = await arrange({
      StartQuery: STARTED,
      GetQueryResults: refused("AccessDeniedException", { message: "no" }),
    });

    await expect(reader.query(request, WINDOW)).rejects.toMatchObject({
      kind: "denied",
      what: "logs:GetQueryResults failed for the log groups /g",
    });
  });
});

test("a query that is broken off is stopped on AWS, too", async () => {
  const { calls, clock, reader } = await arrange({
    StartQuery: STARTED,
    GetQueryResults: [{ body: { status: "Running" } }],
    StopQuery: [{ body: { success: true } }],
  });
  const stop = new AbortController();
  clock.sleep = async () => stop.abort();

  await expect(reader.query(request, WINDOW, stop.signal)).rejects.toMatchObject({ kind: "interrupted" });

  expect(calls.at(-1)).toEqual({ operation: "StopQuery", input: { queryId: "q1" } });
});
