import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  GetQueryResultsCommand,
  MalformedQueryException,
  PutLogEventsCommand,
  StartQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEndpoint, type TestEndpoint } from "../../../test/start-endpoint.ts";

// Queries of a whole local AWS, through the SDK.

const logGroupName = "/aws/lambda/served";
const stream = { logGroupName, logStreamName: "s" };
/** Takes for ever: a regular expression that tries all ways to part a long text. */
const ENDLESS = "filter concat('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', @message) like /^(a+)+$/";

let endpoint: TestEndpoint;
let client: CloudWatchLogsClient;

beforeAll(async () => {
  endpoint = await startEndpoint();
  client = new CloudWatchLogsClient({ ...endpoint.client, maxAttempts: 1 });
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  await client.send(new CreateLogStreamCommand(stream));
  await client.send(
    new PutLogEventsCommand({ ...stream, logEvents: [{ timestamp: Date.now(), message: '{"ms":5}' }] }),
  );
});

afterAll(async () => {
  client.destroy();
  await endpoint.close();
});

function start(queryString: string) {
  const endTime = Math.ceil(Date.now() / 1000);
  return client.send(new StartQueryCommand({ logGroupName, queryString, startTime: endTime - 600, endTime }));
}

const statusOf = async (queryId: string | undefined) =>
  (await client.send(new GetQueryResultsCommand({ queryId }))).status;

async function ended(queryId: string | undefined) {
  for (;;) {
    const answer = await client.send(new GetQueryResultsCommand({ queryId }));
    if (answer.status !== "Scheduled" && answer.status !== "Running") {
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test("the SDK sees where a query is malformed", async () => {
  const error = await start("stats nosuch(ms)").catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(MalformedQueryException);
  expect((error as MalformedQueryException).queryCompileError).toEqual({
    location: { startCharOffset: 6, endCharOffset: 16 },
    message: "unknown function nosuch or unknown use of it at line 1 and position 7",
  });
});

test("a query that takes its time holds up nobody, and survives an exchange of the state", async () => {
  const { queryId: endless } = await start(ENDLESS);
  for (let count = 0; count < 20; count++) {
    await client.send(new DescribeLogGroupsCommand({}));
  }
  expect(await statusOf(endless)).toBe("Running");
  const { queryId } = await start("stats sum(ms) as total");
  expect((await ended(queryId)).results).toEqual([[{ field: "total", value: "5" }]]);

  await endpoint.localAws.saveSnapshot("with-a-query");
  // It begins again with the new backend; what had ended has its results.
  expect(["Scheduled", "Running"]).toContain(await statusOf(endless));
  expect(await statusOf(queryId)).toBe("Complete");

  await endpoint.localAws.reset();
  await expect(statusOf(queryId)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  await endpoint.localAws.restoreSnapshot("with-a-query");
  expect((await ended(queryId)).results).toEqual([[{ field: "total", value: "5" }]]);
  expect(["Scheduled", "Running"]).toContain(await statusOf(endless));
});
