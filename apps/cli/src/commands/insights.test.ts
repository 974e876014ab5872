import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  PutQueryDefinitionCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { golden } from "../test/golden.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { type Place, runSlipway, type Said } from "../test/run-slipway.ts";
import { type StateFixture, stateFixture } from "../test/state-fixture.ts";

const HANDLER = "/aws/lambda/api-handler-prod";
const ACCESS = "/aws/apigateway/a1";
/** Logs Insights knows lines of Lambda by ids of this form. */
const ID = "174ed07d-d638-4e50-a973-1f3e5dccf1e5";

let aws: LocalAwsFixture;
let states: StateFixture;
let client: CloudWatchLogsClient;
/** The beginning of five minutes that are over. */
let base: number;

beforeAll(async () => {
  aws = await localAwsFixture();
  states = await stateFixture(aws.localAws.endpoint);
  const queries = savedQueries();
  const fn = { type: "aws_lambda_function", attributes: { function_name: "api-handler-prod" } };
  await states.putState("prod", [
    fn,
    { type: "aws_cloudwatch_log_group", attributes: { name: ACCESS } },
    ...queries.map(({ name }) => ({ type: "aws_cloudwatch_query_definition", attributes: { name } })),
  ]);
  await states.putState("dev", [{ ...fn, attributes: { function_name: "api-handler-dev" } }]);
  client = new CloudWatchLogsClient({
    ...{ region: "us-east-1", endpoint: aws.localAws.endpoint, credentials: states.credentials },
  });
  for (const { name, query, group } of queries) {
    await client.send(new PutQueryDefinitionCommand({ name, queryString: query, logGroupNames: [group] }));
  }
  base = Math.floor(Date.now() / 300_000 - 1) * 300_000;
  await putLines();
});

afterAll(async () => {
  client?.destroy();
  states?.close();
  await aws?.close();
});

/** Those of the Terraform module, as it saves them. */
function savedQueries(): { name: string; query: string; group: string }[] {
  const module = readFileSync(
    join(import.meta.dirname, "../../../../infrastructure/modules/monitoring/queries.tf"),
    "utf8",
  );
  const found = [
    ...module.matchAll(/"([A-Z][\w ]+)" = \{\s+groups = \[var\.(\w+)\]\s+text\s+= <<-EOT\n(.*?)\n +EOT/gs),
  ];
  return found.map(([, name = "", variable = "", text = ""]) => ({
    name: `api-handler-prod/${name}`,
    query: text.replaceAll(/^ +/gm, ""),
    group: variable === "access_log_group_name" ? ACCESS : HANDLER,
  }));
}

async function put(logGroupName: string, logStreamName: string, messages: readonly (string | object)[]): Promise<void> {
  await client.send(new CreateLogGroupCommand({ logGroupName })).catch(() => undefined);
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const logEvents = messages.map((message, second) => ({
    timestamp: base + second * 1000,
    message: typeof message === "string" ? message : JSON.stringify(message),
  }));
  await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
}

/** What the handler, Lambda and the gateway write, in Lambda's text format. */
async function putLines(): Promise<void> {
  const report = (duration: string, rest = "") =>
    `REPORT RequestId: ${ID}\tDuration: ${duration} ms\tBilled Duration: 9 ms\tMemory Size: 512 MB\tMax Memory Used: 60 MB\t${rest}`;
  const unavailable = {
    ...{ level: "WARN", message: "Temporarily unavailable", operation: "getItem" },
    error: { name: "ThrottlingException", message: "slow down" },
  };
  await put(HANDLER, "2026/11/28/[7]aa", [
    `START RequestId: ${ID} Version: 7`,
    { level: "INFO", message: "request", operation: "getItem", status: 200, durationMs: 5 },
    report("10.00", "Init Duration: 141.21 ms\t"),
    unavailable,
    { level: "INFO", message: "request", operation: "getItem", status: 503, durationMs: 1000 },
    report("30.00"),
    `2026-11-28T03:00:03.000Z ${ID} Task timed out after 3.00 seconds`,
    report("3000.00", "Status: timeout"),
    `RequestId: ${ID} Error: Runtime exited with error: exit status 1\nRuntime.ExitError`,
    report("20.00", "Status: error\tError Type: Runtime.ExitError"),
  ]);
  await put(HANDLER, "2026/11/28/[7]bb", [
    unavailable,
    `2026-11-28T03:00:03.000Z\t${ID}\tERROR\tInvoke Error \t{"errorType":"TypeError","errorMessage":"x","stack":["TypeError: x"]}`,
    unavailable,
  ]);
  const answers = ["200", "200", "404", "503"].map((status, index) => ({
    ...{ httpMethod: "GET", resourcePath: "/items", status, responseLatency: `${index * 10 + 10}` },
  }));
  await put(ACCESS, "cc", answers);
}

function insights(words: readonly string[], place: Place = {}): Promise<Said> {
  const env = { ...process.env, AWS_ENDPOINT_URL: aws.localAws.endpoint, ...place.env };
  return runSlipway(["insights", ...words], { ...place, env });
}

const rows = async (...words: readonly string[]) =>
  JSON.parse((await insights(["prod", ...words, "--output", "json"])).stdout).rows;

/** As Logs Insights writes a time. */
const at = (second: number) => new Date(base + second * 1000).toISOString().replace("T", " ").replace("Z", "");

describe("the saved queries of the Terraform module", () => {
  test("are listed where none is named", async () => {
    const { code, stdout } = await insights(["prod"]);

    expect(code).toBe(0);
    expect(stdout.split("\n").map((line) => line.split("  ")[0])).toEqual([
      ...["query", "error-analysis", "performance-analysis", "request-analysis", ""],
    ]);
    await golden("insights", (await insights(["prod", "--output", "json"])).stdout, "list");
    await golden("insights", (await insights(["prod", "error-analysis", "--output", "json"])).stdout);
  });

  test("error-analysis counts each error once, by its class", async () => {
    expect(await rows("error-analysis")).toEqual([
      ...[{ class: "ThrottlingException", operation: "getItem", errors: "3", instances: "2", last: at(3) }],
      ...[{ class: "ended by Lambda", errors: "2", instances: "1", last: at(8) }],
      ...[{ class: "TypeError", errors: "1", instances: "1", last: at(1) }],
    ]);
  });

  test("performance-analysis is about what Lambda reports, in milliseconds and megabytes", async () => {
    const [row, ...more] = await rows("performance-analysis");

    expect(more).toEqual([]);
    expect(row).toMatchObject({ period: at(0), calls: "4", cold: "1", average: "765", slowest: "3000", maxMB: "60" });
  });

  test("request-analysis has a row for each class of answers", async () => {
    expect(await rows("request-analysis")).toMatchObject([
      { period: at(0), class: "2xx", requests: "2" },
      { period: at(0), class: "4xx", requests: "1", p50: "30", p99: "30" },
      { period: at(0), class: "5xx", requests: "1", p50: "40", p99: "40" },
    ]);
  });

  test("fit into 80 columns, one line for each row", async () => {
    for (const [name, lines] of [
      ["error-analysis", 4],
      ["performance-analysis", 2],
      ["request-analysis", 4],
    ] as const) {
      const { stdout } = await insights(["prod", name], { terminal: 80 });

      expect(stdout.trimEnd().split("\n")).toHaveLength(lines);
      expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    }
  });
});

describe("a query of one's own", () => {
  test("is asked of the functions' logs, and answered as a table", async () => {
    const said = await insights(["prod", "filter ispresent(status) | stats count(*) as n by status | sort status"]);

    expect(said.code).toBe(0);
    expect(said.stdout).toBe("status  n\n   200  1\n   503  1\n");
    expect(said.stderr).toMatch(/^2 rows; 2 of 13 records matched, [\d.,]+ k?B scanned\.$/m);
  });

  test("is asked of another log group with --group, by its name or its end", async () => {
    for (const group of [ACCESS, "a1"]) {
      expect((await insights(["prod", "stats count(*) as n", "--group", group])).stdout).toBe("n\n4\n");
    }
  });

  test("never shows the pointers that AWS adds to records", async () => {
    const query = "fields @message | filter @message like /Task timed out/";

    expect((await insights(["prod", query])).stdout).not.toContain("@ptr");
    expect(await rows(query)).toEqual([
      { "@message": `2026-11-28T03:00:03.000Z ${ID} Task timed out after 3.00 seconds` },
    ]);
  });

  test("says so when it has more rows than were asked for", async () => {
    const said = await insights(["prod", "fields @timestamp", "--limit", "2"]);

    expect(said.stdout.trimEnd().split("\n")).toHaveLength(3);
    expect(said.stderr).toContain("These are the first 2 rows; there may be more.");
  });

  test("is cut with plain characters in a terminal that does not show UTF-8", async () => {
    const query = "filter @message like /Runtime exited/ | fields @message";
    const said = await insights(["prod", query], { terminal: 40, env: { LC_ALL: "C" } });

    expect(said.stdout).toMatch(/^[\n\x20-\x7e]*~\n$/);
  });

  test("as CSV has values as they are, in quotes where they need them", async () => {
    const { stdout } = await insights([
      "prod",
      "fields @message | filter @message like /Runtime exited/",
      "--output",
      "csv",
    ]);

    expect(stdout).toBe(
      `@message\r\n"RequestId: ${ID} Error: Runtime exited with error: exit status 1\nRuntime.ExitError"\r\n`,
    );
  });

  test("as CSV has nothing in it that a terminal would obey, if that is where it goes", async () => {
    const query = 'fields concat("a", @requestId, "\u001b[2J") as x | limit 1';
    const words = ["prod", query, "--output", "csv"];

    expect((await insights(words)).stdout).toContain("\u001b[2J");
    expect((await insights(words, { terminal: 80 })).stdout).toMatch(/^x\r\na.*\\x1b\[2J\r\n$/);
  });

  test("that finds nothing says where and when it looked", async () => {
    const said = await insights(["prod", "filter a = 1", "--since", "2026-11-28T01:00", "--until", "2026-11-28T02:00"]);

    expect(said).toEqual({
      code: 0,
      stdout: "",
      stderr: `No rows; nothing was logged from 2026-11-28T01:00Z to 2026-11-28T02:00Z in ${HANDLER}.\n`,
    });
  });

  test("that is malformed is shown with the place", async () => {
    const { code, stderr } = await insights(["prod", "fields @message\n| sort @timestamp up"]);

    expect(code).toBe(1);
    expect(stderr).toContain("        | sort @timestamp up\n                          ^^\n");
  });
});

describe("what is asked wrong", () => {
  test.each([
    [["prod", "eror-analysis"], "query: 'eror-analysis' is no saved query of prod"],
    [["prod", "stats count(*)", "--limit", "0"], "--limit: '0' is no whole number from 1 to 100000."],
    [["prod", "stats count(*)", "--since", "never"], "--since: 'never' is no time."],
    [["prod", "stats count(*)", "--group", "x"], "--group: there is no log group 'x' in prod."],
    [["staging"], "staging is not deployed"],
  ])("%s", async (words, message) => {
    const said = await insights(words);

    expect(said.code).toBe(1);
    expect(said.stderr).toContain(message);
  });
});

test("an environment without saved queries says what can be asked", async () => {
  const { code, stdout, stderr } = await insights(["dev"]);

  expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  expect(stderr).toContain('slipway insights dev "stats count(*) by bin(5m)"');
});
