import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CloudWatchClient,
  type ComparisonOperator,
  GetDashboardCommand,
  PutMetricAlarmCommand,
  type Statistic,
} from "@aws-sdk/client-cloudwatch";
import type { FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deployGuideAccount, type GuideAccount } from "./guide/deploy-guide-account.ts";
import { GuideShell } from "./guide/guide-shell.ts";
import { average, durationsByMinute } from "./guide/log-figures.ts";
import { describeCorrectedFigures } from "./guide/monitoring/corrected-figures.ts";
import { describeLogsInsights } from "./guide/monitoring/logs-insights.ts";
import { type Datapoint, eventsOf, FUNCTION_LOG, type MonitoredAccount } from "./guide/monitoring/monitored-account.ts";
import { isMonitoringCommand } from "./guide/monitoring-commands.ts";
import { type GuideSection, readGuideCommands } from "./guide/read-guide-commands.ts";
import { SENT, sendKnownTraffic } from "./guide/send-known-traffic.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";
import type { Ran } from "./support/run-program.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

// The guide's own commands, from guide/original-commands.md, typed into a shell after known traffic.

const guide = readGuideCommands();
const folder = temporaryFolder("guide-monitoring");
let localAws: LocalAwsProcess;
let account: GuideAccount;
let shell: GuideShell;
/** What the guide's blocks are about, `api-id` replaced. */
let commands: readonly string[];
/** What the commands that only look have said after the traffic. */
const said = new Map<string, Ran>();
/** Those of them whose answers were looked at. */
const looked = new Set<string>();
/** All that the function has logged by the traffic. */
let logged: readonly FilteredLogEvent[];

beforeAll(async () => {
  localAws = await LocalAwsProcess.start();
  [account, shell] = await Promise.all([deployGuideAccount(localAws.client), GuideShell.open(localAws, folder.path)]);
  const all = [...guide.values()].flatMap((section) => section.commands);
  commands = [...new Set(all)].filter(isMonitoringCommand).map(completed);
});

afterAll(async () => {
  await localAws?.stop();
  folder.remove();
});

function section(heading: string): GuideSection {
  const found = guide.get(heading);
  if (found === undefined) {
    throw new Error(`original-commands.md has no '${heading}'`);
  }
  return found;
}

/** A command with what the guide leaves open. */
function completed(command: string): string {
  return command.replace(/(?<![\w-])api-id(?![\w-])/g, account.apiId).replaceAll("ACCOUNT", "000000000000");
}

/** The one command of the guide that says all of these. */
function commandWith(...words: string[]): string {
  const found = commands.filter((command) => words.every((word) => command.includes(word)));
  expect(found, words.join(" ")).toHaveLength(1);
  return found[0] ?? "";
}

/** What a command that only looks has answered, as JSON. */
function answerTo<T>(command: string): T {
  looked.add(command);
  const { code, stdout, stderr } = said.get(command) ?? { code: null, stdout: "", stderr: "it was not run" };
  expect([code, stderr], command).toEqual([0, ""]);
  return JSON.parse(stdout) as T;
}

const monitored: MonitoredAccount = {
  get localAws() {
    return localAws;
  },
  get account() {
    return account;
  },
  get shell() {
    return shell;
  },
  get logged() {
    return logged;
  },
};

const looks = (command: string) => !/--follow|put-metric-alarm|put-dashboard|describe-alarms/.test(command);

describe("alarms", () => {
  const HEADINGS = ["Lambda Error Rate", "Lambda Duration", "DynamoDB Throttling"];

  test("as the guide has them, the CLI refuses them for what the API requires", async () => {
    const refused = await Promise.all(
      HEADINGS.map((heading) => shell.run(completed(section(heading).commands[0] ?? ""))),
    );
    for (const { code, stderr } of refused) {
      expect(code).toBe(252);
      expect(stderr).toContain("the following arguments are required: --evaluation-periods");
    }
  });

  test("who sends it all the same is refused by the API", async () => {
    const client = new CloudWatchClient(localAws.client);
    const [command = ""] = section("Lambda Error Rate").commands;
    const option = (name: string) => new RegExp(`--${name} (\\S+)`).exec(command)?.[1] ?? "";
    const alarm = {
      ...{ AlarmName: option("alarm-name"), MetricName: option("metric-name"), Namespace: option("namespace") },
      ...{ Statistic: option("statistic") as Statistic, Period: Number(option("period")) },
      ...{ Threshold: Number(option("threshold")), EvaluationPeriods: undefined },
      ComparisonOperator: option("comparison-operator") as ComparisonOperator,
      Dimensions: [{ Name: "FunctionName", Value: "api-handler-prod" }],
    };
    await expect(client.send(new PutMetricAlarmCommand(alarm))).rejects.toThrow("EvaluationPeriods");
    client.destroy();
  });

  test("corrected, they are there, and have seen nothing yet", async () => {
    await Promise.all(HEADINGS.flatMap((heading) => section(heading).corrected).map((command) => shell.text(command)));
    const found = await shell.json<{ MetricAlarms: { AlarmName: string; StateValue: string }[] }>(
      "aws cloudwatch describe-alarms",
    );
    expect(found.MetricAlarms.map(({ AlarmName, StateValue }) => [AlarmName, StateValue])).toEqual(
      [
        "api-handler-prod-duration",
        "api-handler-prod-errors",
        "items-prod-throttling",
        "items-prod-write-throttling",
      ].map((name) => [name, "INSUFFICIENT_DATA"]),
    );
  });
});

describe("after known traffic", () => {
  beforeAll(async () => {
    await sendKnownTraffic(localAws, account);
    logged = await eventsOf(localAws, FUNCTION_LOG);
    await Promise.all(
      commands.filter(looks).map(async (command) => {
        said.set(command, await shell.run(command));
      }),
    );
  });

  const sum = (command: string): number =>
    answerTo<{ Datapoints: Datapoint[] }>(command).Datapoints.reduce((total, { Sum = Number.NaN }) => total + Sum, 0);

  test.each([
    ["Invocations", "5 minutes ago", SENT.invocations],
    ["Errors", "5 minutes ago", SENT.errors],
    ["Errors", "1 hour ago", SENT.errors],
    ["ConsumedWriteCapacityUnits", "5 minutes ago", SENT.writeUnits],
    ["ConsumedWriteCapacityUnits", "1 hour ago", SENT.writeUnits],
  ])("get-metric-statistics: the %s since %s", (metric, since, expected) => {
    const command = commandWith("get-metric-statistics", `--metric-name ${metric} `, since);
    expect(sum(command)).toBe(expected);
    const { Datapoints } = answerTo<{ Datapoints: Datapoint[] }>(command);
    expect(new Set(Datapoints.map(({ Unit }) => Unit))).toEqual(new Set(["Count"]));
  });

  test("get-metric-statistics: the average Duration of each minute is that of its REPORT lines", () => {
    const { Datapoints } = answerTo<{ Datapoints: Datapoint[] }>(
      commandWith("get-metric-statistics", "--metric-name Duration"),
    );
    const durations = durationsByMinute(logged);
    expect([...durations.values()].flat()).toHaveLength(SENT.invocations);
    expect(new Set(Datapoints.map(({ Timestamp }) => Date.parse(Timestamp)))).toEqual(new Set(durations.keys()));
    for (const { Timestamp, Average = 0, Unit } of Datapoints) {
      const each = durations.get(Date.parse(Timestamp)) ?? [];
      // The lines have two decimals.
      expect(Math.abs(Average - average(each))).toBeLessThan(0.01);
      expect(Unit).toBe("Milliseconds");
    }
  });

  test.each(["1 hour ago", undefined])("filter-log-events: the lines that say ERROR (since %s)", (since) => {
    const found = commands.filter((command) => command.includes("filter-log-events"));
    const command = found.find((each) => each.includes(since ?? "--start-time") === (since !== undefined)) ?? "";
    const { events } = answerTo<{ events: FilteredLogEvent[] }>(command);
    expect(events).toHaveLength(SENT.errorLines);
    expect(events.map(({ message }) => message)).toEqual(
      logged.map(({ message }) => message).filter((message) => message?.includes("ERROR")),
    );
  });

  test("get-function, list-versions-by-function, get-stage and describe-table show what is there", () => {
    const got = answerTo<{ Configuration: { FunctionName: string; State: string } }>(commandWith("get-function "));
    expect(got.Configuration).toMatchObject({ FunctionName: "api-handler-prod", State: "Active" });
    const versions = answerTo<{ Versions: { Version: string }[] }>(commandWith("list-versions-by-function"));
    expect(versions.Versions.map(({ Version }) => Version)).toEqual(["$LATEST", "1", "2"]);
    expect(answerTo(commandWith("get-stage"))).toMatchObject({
      stageName: "prod",
      accessLogSettings: {
        destinationArn: `arn:aws:logs:us-east-1:000000000000:log-group:/aws/apigateway/${account.apiId}`,
      },
    });
    expect(answerTo(commandWith("describe-table"))).toMatchObject({
      Table: { TableName: "items-prod", TableStatus: "ACTIVE" },
    });
  });

  test("that was every command of the guide that only looks", () => {
    expect([...said.keys()].filter((command) => !looked.has(command))).toEqual([]);
    expect(looked.size).toBe(12);
  });

  describeCorrectedFigures(monitored);
  describeLogsInsights(monitored, section);

  test("put-dashboard takes the guide's dashboard, as it is", async () => {
    const body = section("dashboard.json").text;
    writeFileSync(join(folder.path, "dashboard.json"), body);
    const put = await shell.text(commandWith("put-dashboard"));
    expect(JSON.parse(put === "" ? "{}" : put)).not.toHaveProperty("DashboardValidationMessages.0");
    const client = new CloudWatchClient(localAws.client);
    const kept = await client.send(new GetDashboardCommand({ DashboardName: "api-gateway-lambda-prod" }));
    client.destroy();
    expect(JSON.parse(kept.DashboardBody ?? "")).toEqual(
      JSON.parse(readFileSync(join(folder.path, "dashboard.json"), "utf8")),
    );
  });

  test("tail --follow shows what there is, each line once, and goes on with what comes", async () => {
    const following = commands.filter((command) => command.includes("--follow"));
    expect(following).toHaveLength(5);
    const groupOf = (command: string) => / tail (\S+)/.exec(command)?.[1] ?? "";
    const counts = new Map<string, number>();
    for (const group of new Set(following.map(groupOf))) {
      counts.set(group, (await eventsOf(localAws, group)).length);
    }
    const tails = following.map((command) => ({ group: groupOf(command), tail: shell.follow(command) }));

    await Promise.all(tails.map(({ group, tail }) => tail.shows(({ length }) => length >= (counts.get(group) ?? 0))));
    const late = await fetch(`${localAws.stageUrl(account.apiId, "prod")}/health`);
    expect(late.status).toBe(200);
    const isLate = (line: string) => /getHealth|\/prod\/health/.test(line);
    await Promise.all(
      tails.map(({ group, tail }) =>
        tail.shows((lines) => lines.some(isLate) && (group !== FUNCTION_LOG || /REPORT/.test(lines.at(-1) ?? ""))),
      ),
    );

    for (const { group, tail } of tails) {
      const said = await tail.interrupt();
      // Where Ctrl-C meets the AWS CLI in a request it ends its output with an empty line.
      const lines = said.at(-1) === "" ? said.slice(0, -1) : said;
      const events = await eventsOf(localAws, group);
      expect(events.length).toBeGreaterThan(counts.get(group) ?? 0);
      // A time, the stream, and the message.
      expect(lines.map((line) => line.split(" ").slice(2).join(" "))).toEqual(
        events.map(({ message = "" }) => message.trimEnd()),
      );
    }
  });

  test("describe-alarms: a minute later those that count failures are in ALARM, and the guide's UserErrors never", async () => {
    await localAws.control("POST", "clock", { advanceMs: 60_000 });
    const [byState, byName, all] = await Promise.all([
      shell.json<{ MetricAlarms: { AlarmName: string; StateReason: string }[] }>(
        commandWith("describe-alarms", "--state-value ALARM"),
      ),
      shell.text(commandWith("describe-alarms", "--alarm-names api-handler-prod-errors")),
      shell.json<[string, string][]>("aws cloudwatch describe-alarms --query 'MetricAlarms[].[AlarmName, StateValue]'"),
    ]);
    expect(byState.MetricAlarms.map(({ AlarmName }) => AlarmName)).toEqual([
      "api-handler-prod-errors",
      "items-prod-write-throttling",
    ]);
    expect(byState.MetricAlarms[0]?.StateReason).toContain(`[${SENT.errors}.0 (`);
    expect(byName.trim()).toBe('"ALARM"');
    expect(all).toEqual([
      ["api-handler-prod-duration", "OK"],
      ["api-handler-prod-errors", "ALARM"],
      ["items-prod-throttling", "INSUFFICIENT_DATA"],
      ["items-prod-write-throttling", "ALARM"],
    ]);
  });
});
