import { afterEach, beforeEach, expect, test } from "vitest";
import { type LogsHarness, logsHarness } from "../../logs-harness.ts";

let aws: LogsHarness;

beforeEach(async () => {
  aws = logsHarness();
  await aws.call("CreateLogGroup", { logGroupName: "/g" });
  await aws.call("CreateLogStream", { logGroupName: "/g", logStreamName: "s" });
});

afterEach(() => aws.dispose());

async function put(...messages: string[]): Promise<void> {
  const timestamp = Math.floor(aws.core.clock.now());
  await aws.call("PutLogEvents", {
    logGroupName: "/g",
    logStreamName: "s",
    logEvents: messages.map((message) => ({ timestamp, message })),
  });
}

/** The last hour, in seconds. */
function lastHour() {
  const now = Math.ceil(aws.core.clock.now() / 1000);
  return { startTime: now - 3600, endTime: now };
}

async function run(queryString: string) {
  const { queryId } = await aws.call("StartQuery", { logGroupName: "/g", queryString, ...lastHour() });
  for (;;) {
    const answer = await aws.call("GetQueryResults", { queryId });
    if (answer.status !== "Scheduled" && answer.status !== "Running") {
      return { queryId, ...answer };
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("a query runs in the background and gives its rows", async () => {
  await put("ERROR one", "two");
  expect(await run("fields @message | filter @message like /ERROR/")).toMatchObject({
    status: "Complete",
    results: [[{ field: "@message", value: "ERROR one" }, { field: "@ptr" }]],
    statistics: { recordsMatched: 1, recordsScanned: 2, bytesScanned: 12, logGroupsScanned: 1, resultCount: 1 },
  });
});
