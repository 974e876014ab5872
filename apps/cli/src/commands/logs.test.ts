import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { golden } from "../test/golden.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { type Place, runSlipway, type Said } from "../test/run-slipway.ts";
import { type StateFixture, stateFixture } from "../test/state-fixture.ts";

const HANDLER = "/aws/lambda/api-handler-prod";
const AUTHORIZER = "/aws/lambda/authorizer-prod";
const ACCESS = "/aws/apigateway/a1";
const ID = "174ed07d-d638-4e50-a973-1f3e5dccf1e5";

let aws: LocalAwsFixture;
let states: StateFixture;
let client: CloudWatchLogsClient;
/** The beginning of the minute before this one, so that all is on one day. */
let base: number;

beforeAll(async () => {
  aws = await localAwsFixture();
  states = await stateFixture(aws.localAws.endpoint);
  const fn = (name: string) => ({ type: "aws_lambda_function", attributes: { function_name: name } });
  await states.putState("prod", [
    fn("api-handler-prod"),
    fn("authorizer-prod"),
    { type: "aws_api_gateway_rest_api", attributes: { id: "a1", name: "items-prod" } },
    {
      type: "aws_api_gateway_stage",
      attributes: {
        ...{ rest_api_id: "a1", stage_name: "prod" },
        access_log_settings: [{ destination_arn: `arn:aws:logs:us-east-1:000000000000:log-group:${ACCESS}` }],
      },
    },
    { type: "aws_cloudwatch_log_group", attributes: { name: ACCESS } },
  ]);
  client = new CloudWatchLogsClient({
    ...{ region: "us-east-1", endpoint: aws.localAws.endpoint, credentials: states.credentials },
  });
  base = Math.floor(Date.now() / 60_000 - 1) * 60_000;
  const request = { level: "INFO", message: "request", requestId: ID, operation: "getItem", method: "GET" };
  const error = { name: "Oops", message: "no way", stack: "Oops: no way\n    at one (index.cjs:1:2)" };
  await put(HANDLER, "2026/11/28/[6]aa", [
    [0, `START RequestId: ${ID} Version: 6`],
    [1, { ...request, path: "/items/{id}", status: 200, durationMs: 7.97, functionVersion: "6" }],
    [2, `END RequestId: ${ID}`],
    [
      3,
      `REPORT RequestId: ${ID}\tDuration: 8.80 ms\tBilled Duration: 9 ms\tMemory Size: 512 MB\tMax Memory Used: 60 MB\t`,
    ],
  ]);
  await put(HANDLER, "2026/11/28/[7]bb", [
    [4, { level: "WARN", message: "Temporarily unavailable", requestId: ID, operation: "getItem", error }],
    [5, { ...request, path: "/items/{id}", status: 503, durationMs: 1656.78, functionVersion: "7" }],
    [8, "a line with \u001b[2J in it"],
  ]);
  await put(ACCESS, "cc", [
    [6, { httpMethod: "GET", resourcePath: "/items/{id}", status: "503", responseLatency: "1663" }],
  ]);
});

afterAll(async () => {
  client?.destroy();
  states?.close();
  await aws?.close();
});

async function put(
  logGroupName: string,
  logStreamName: string,
  events: readonly (readonly [number, string | object])[],
): Promise<void> {
  await client.send(new CreateLogGroupCommand({ logGroupName })).catch(() => undefined);
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName })).catch(() => undefined);
  const logEvents = events.map(([second, message]) => ({
    timestamp: base + second * 1000,
    message: typeof message === "string" ? message : JSON.stringify(message),
  }));
  await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
}

function logs(words: readonly string[], place: Place = {}): Promise<Said> {
  const env = { ...process.env, AWS_ENDPOINT_URL: aws.localAws.endpoint, NO_COLOR: "", ...place.env };
  return runSlipway(["logs", "prod", ...words], { ...place, env });
}

/** Without times, which are another with each run. */
function lines({ stdout }: Said): string[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z/, "TIME"));
}

describe("what was logged", () => {
  test("is that of all functions, for people, in the order of time", async () => {
    const said = await logs([]);

    expect(said).toMatchObject({ code: 0, stderr: "" });
    expect(lines(said)).toEqual([
      `TIME  api-handler  v6   INFO   getItem      200  7.97 ms  ${ID}  GET /items/{id}`,
      `TIME  api-handler  v6   REPORT 8.80 ms, billed 9 ms, 60 of 512 MB  ${ID}`,
      `TIME  api-handler  v7   WARN   getItem      Temporarily unavailable  ${ID}`,
      "    Oops: no way",
      "      at one (index.cjs:1:2)",
      `TIME  api-handler  v7   INFO   getItem      503   1.66 s  ${ID}  GET /items/{id}`,
      "TIME  api-handler  v7          a line with \\x1b[2J in it",
    ]);
  });

  test("has the access log with --api, and only problems with --errors", async () => {
    const said = await logs(["--api", "--errors"]);

    expect(lines(said)).toEqual([
      `TIME  api-handler  v7   WARN   getItem      Temporarily unavailable  ${ID}`,
      "    Oops: no way",
      "      at one (index.cjs:1:2)",
      `TIME  api-handler  v7   INFO   getItem      503   1.66 s  ${ID}  GET /items/{id}`,
      "TIME  api                      GET /items/{id}    503   1.66 s",
    ]);
  });

  test("of one release is what its version wrote", async () => {
    const said = await logs(["--release", "6", "--function", "api-handler"]);

    expect(lines(said)).toEqual([
      `TIME  v6   INFO   getItem      200  7.97 ms  ${ID}  GET /items/{id}`,
      `TIME  v6   REPORT 8.80 ms, billed 9 ms, 60 of 512 MB  ${ID}`,
    ]);
  });

  test("of a window is what a filter pattern finds there", async () => {
    const moment = (second: number) => new Date(base + second * 1000).toISOString();
    const window = ["--since", moment(2), "--until", moment(5)];

    const said = await logs(["--function", "api-handler", "--filter", '{ $.operation = "getItem" }', ...window]);

    expect(lines(said)[0]).toContain("Temporarily unavailable");
    expect(lines(said)).toHaveLength(3);
  });

  test("as JSON Lines has each line's fields, or its text", async () => {
    const said = await logs(["--output", "json", "--function", "api-handler"]);

    const documents = said.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(documents).toHaveLength(7);
    await golden("logs", said.stdout);
    expect(documents[1]).toMatchObject({
      ...{ time: new Date(base + 1000).toISOString(), group: HANDLER, stream: "2026/11/28/[6]aa", version: "6" },
      fields: { operation: "getItem", status: 200 },
    });
    expect(documents[6]).toMatchObject({ version: "7", message: "a line with \u001b[2J in it" });
    expect(documents[6]).not.toHaveProperty("fields");
  });

  test("is as it was written with --raw, but not in a terminal", async () => {
    const raw = ["--raw", "--release", "7"];

    expect((await logs(raw)).stdout).toContain("\na line with \u001b[2J in it\n");
    expect((await logs(raw, { terminal: 80 })).stdout).toContain("\na line with \\x1b[2J in it\n");
  });

  test("fits into a terminal, with colours and the day that it is", async () => {
    const { stdout } = await logs(["--release", "7", "--function", "api-handler"], { terminal: 80 });

    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal is told
    const plain = stdout.replaceAll(/\u001b\[\d+m/g, "").replaceAll(/\d\d:\d\d:\d\d\.\d{3}/g, "TIME");
    expect(plain.split("\n")).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\d UTC$/),
      "TIME  v7   WARN   getItem      Temporarily unavailable  174ed07d",
      "    Oops: no way",
      "      at one (index.cjs:1:2)",
      "TIME  v7   INFO   getItem      503   1.66 s  174ed07d  GET /items/{id}",
      "TIME  v7          a line with \\x1b[2J in it",
      "",
    ]);
    expect(stdout).toContain("\u001b[31m503\u001b[0m");
    const noColour = await logs(["--release", "7"], { terminal: 80, env: { NO_COLOR: "1" } });
    expect(noColour.stdout).not.toContain("\u001b");
  });

  test("nothing is said clearly, with where and when was looked", async () => {
    const said = await logs([
      "--release",
      "99",
      "--errors",
      "--since",
      "2026-11-28T01:00",
      "--until",
      "2026-11-28T02:00",
    ]);

    expect(said).toEqual({
      code: 0,
      stdout: "",
      stderr: `No errors of version 99 in ${HANDLER}, ${AUTHORIZER} from 2026-11-28T01:00Z to 2026-11-28T02:00Z.\n`,
    });
  });
});

describe("what is followed", () => {
  test("goes on until Ctrl-C, which is its end and no failure", async () => {
    const stop = new AbortController();
    let seen = "";
    const following = logs(["--follow", "--function", "authorizer"], {
      signal: stop.signal,
      onStderr: (text) => {
        if (text.includes("waiting")) {
          void put(AUTHORIZER, "2026/11/28/[1]dd", [[30, "INFO it comes"]]);
        }
      },
      onStdout: (text) => {
        seen += text;
        stop.abort();
      },
    });

    const said = await following;

    expect(seen).toContain("v1          INFO it comes");
    expect(said.code).toBe(0);
    expect(said.stderr).toBe(`slipway: waiting for what comes in ${AUTHORIZER}. Ctrl-C ends it.\n`);
  });
});

test.each([["--follow"], ["--api"]])("a reader that has gone ends it quietly: %s", async (flag) => {
  const closed = new AbortController();
  let texts = 0;

  const said = await logs([flag], {
    stdoutClosed: closed.signal,
    onStdout: () => {
      texts++;
      closed.abort();
    },
  });

  expect(said).toMatchObject({ code: 0, stderr: "" });
  expect(texts).toBe(1);
});

describe("what is asked wrong", () => {
  test.each([
    [["--follow", "--until", "1m"], "--until: what is followed has no end"],
    [["--follow", "--since", "2999-01-01"], "--since: 2999-01-01T00:00Z is yet to come"],
    [["--raw", "--output", "json"], "--raw: is for text"],
    [["--release", "live"], "--release: 'live' is no version of a function"],
    [["--release", "7", "--api"], "--release: the API's access log knows no versions"],
    [["--since", "yesterday"], "--since: 'yesterday' is no time"],
    [["--function", "worker"], "--function: there is no function 'worker' in prod. It has:\n  api-handler-prod"],
    [["--filter", "{ $.a = "], "The filter pattern is none: { $.a = "],
  ])("%s", async (words, message) => {
    const said = await logs(words);

    expect(said.code).toBe(1);
    expect(said.stderr).toContain(message);
    // What is wrong is told as JSON, too, where that was asked for.
    expect(said.stdout).toMatch(words.includes("json") ? /^\{"version":1,"error":/ : /^$/);
  });
});
