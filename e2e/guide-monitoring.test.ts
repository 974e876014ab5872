import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CloudWatchClient,
  type ComparisonOperator,
  GetDashboardCommand,
  PutMetricAlarmCommand,
  type Statistic,
} from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, type FilteredLogEvent, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { AwsLogsReader } from "@slipway/aws";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deployGuideAccount, type GuideAccount } from "./guide/deploy-guide-account.ts";
import { GuideShell } from "./guide/guide-shell.ts";
import { insightsScript } from "./guide/insights-script.ts";
import { average, countStreams, durationsByMinute, figures, inBins, ofReport } from "./guide/log-figures.ts";
import { isMonitoringCommand } from "./guide/monitoring-commands.ts";
import { oneLine } from "./guide/one-line.ts";
import { type GuideSection, readGuideCommands } from "./guide/read-guide-commands.ts";
import { readSavedQueries } from "./guide/read-saved-queries.ts";
import { SENT, sendKnownTraffic } from "./guide/send-known-traffic.ts";
import { pages } from "./guide/walk/pages.ts";
import { readPage } from "./guide/walk/read-pages.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";
import type { Ran } from "./support/run-program.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

// The guide's own commands, from guide/original-commands.md, typed into a shell after known traffic.

const FUNCTION_LOG = "/aws/lambda/api-handler-prod";
interface Datapoint {
  readonly Sum?: number;
  readonly Average?: number;
  readonly Unit: string;
  readonly Timestamp: string;
}

const guide = readGuideCommands();
const guideCommands = new Set([...guide.values()].flatMap(({ commands }) => commands.map(oneLine)));
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

async function eventsOf(logGroupName: string): Promise<FilteredLogEvent[]> {
  const client = new CloudWatchLogsClient(localAws.client);
  const events: FilteredLogEvent[] = [];
  for await (const page of paginateFilterLogEvents({ client }, { logGroupName })) {
    events.push(...(page.events ?? []));
  }
  client.destroy();
  return events;
}

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
    logged = await eventsOf(FUNCTION_LOG);
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

  describe("the corrected guide's commands that ask for figures and logs", () => {
    /** Each of them once, as it stands in docs/guide. */
    const asking = /^aws (?:cloudwatch get-metric-statistics|logs filter-log-events) /;
    const corrected = [
      ...new Set(
        pages
          .flatMap((page) => readPage(page).map(({ text }) => text))
          .filter((text) => asking.test(text) && !guideCommands.has(oneLine(text))),
      ),
    ];
    const answers = new Map<string, { Datapoints?: Corrected[]; events?: FilteredLogEvent[] }>();

    interface Corrected extends Datapoint {
      readonly ExtendedStatistics?: { readonly p50: number; readonly p99: number };
    }

    beforeAll(async () => {
      const run = async (text: string) => {
        // The version that does not start.
        const command = text.replace("Name=ExecutedVersion,Value=8", "Name=ExecutedVersion,Value=2");
        answers.set(text, await shell.json(command));
      };
      await Promise.all(corrected.map(run));
    });

    const totals = (words: string) =>
      corrected
        .filter((text) => text.includes(words) && !text.includes("--extended-statistics"))
        .map((text) => answers.get(text)?.Datapoints?.reduce((total, { Sum = Number.NaN }) => total + Sum, 0));

    test("count errors, of all versions and of one, and the units of writes", () => {
      expect(totals("--metric-name Errors").length).toBeGreaterThanOrEqual(3);
      expect(new Set(totals("--metric-name Errors"))).toEqual(new Set([SENT.errors]));
      expect(new Set(totals("ConsumedWriteCapacityUnits"))).toEqual(new Set([SENT.writeUnits]));
    });

    test("show p50 and p99 of the duration of each minute", () => {
      const [text = ""] = corrected.filter((each) => each.includes("--extended-statistics"));
      const durations = durationsByMinute(logged);
      const found = answers.get(text)?.Datapoints ?? [];
      expect(found.map(({ Timestamp }) => Date.parse(Timestamp)).toSorted()).toEqual([...durations.keys()].toSorted());
      for (const { Timestamp, ExtendedStatistics: { p50, p99 } = { p50: Number.NaN, p99: Number.NaN } } of found) {
        const slowest = Math.max(...(durations.get(Date.parse(Timestamp)) ?? []));
        expect(p50).toBeLessThanOrEqual(p99);
        expect(p99).toBeLessThanOrEqual(slowest + 0.01);
      }
    });

    test("find lines by their fields, and no others that say ERROR", () => {
      const isMeant = (message = "") => {
        const line = message.startsWith("{") ? (JSON.parse(message) as { level?: string; status?: number }) : {};
        return line.level === "ERROR" || (line.status ?? 0) >= 500;
      };
      const expected = logged.flatMap(({ message }) => (isMeant(message) ? [message] : []));
      const filters = corrected.filter((text) => text.includes("filter-log-events"));
      expect(expected.length).toBeGreaterThan(0);
      expect(filters).toHaveLength(2);
      for (const text of filters) {
        expect(answers.get(text)?.events?.map(({ message }) => message)).toEqual(expected);
      }
    });
  });

  describe("Logs Insights", () => {
    type Row = Readonly<Record<string, string>>;
    const rows = new Map<string, readonly Row[]>();
    let accesses: readonly FilteredLogEvent[];

    beforeAll(async () => {
      const accessLog = `/aws/apigateway/${account.apiId}`;
      accesses = await eventsOf(accessLog);
      const own = new AwsLogsReader(localAws.client);
      const window = { from: Date.now() - 3_600_000, to: Date.now() };
      const queries = [
        ["Error Analysis", FUNCTION_LOG],
        ["Performance Analysis", FUNCTION_LOG],
        ["Request Analysis", accessLog],
      ] as const;
      await Promise.all([
        ...queries.map(async ([name, group]) => {
          const { status, results } = await shell.json<{
            status: string;
            results: { field: string; value: string }[][];
          }>(insightsScript(group, section(name).text));
          expect(status).toBe("Complete");
          rows.set(
            name,
            results.map((row) => Object.fromEntries(row.map(({ field, value }) => [field, value]))),
          );
        }),
        // The guide does not have these: how the CLI asks has been seen.
        ...[...readSavedQueries()].map(async ([name, { log, text }]) => {
          const answer = await own.query(
            { groups: [log === "access" ? accessLog : FUNCTION_LOG], query: text },
            window,
          );
          rows.set(`saved: ${name}`, answer.rows);
        }),
      ]);
      own.close();
    });

    const byName = <T extends Row>(name: string, field: string): Map<string | undefined, T> =>
      new Map((rows.get(name) as readonly T[] | undefined)?.map((row) => [row[field], row]));

    test("Error Analysis as the guide has it counts lines that say ERROR, by stream", () => {
      const errors = logged.filter(({ message }) => message?.includes("ERROR"));
      expect(errors).toHaveLength(SENT.errorLines);
      const expected = Map.groupBy(errors, ({ logStreamName }) => logStreamName ?? "");
      const found = rows.get("Error Analysis")?.map((row) => [row["@logStream"], row["count()"]]);
      expect(new Map(found as [string, string][])).toEqual(
        new Map([...expected].map(([stream, { length }]) => [stream, String(length)])),
      );
    });

    test("Performance Analysis as the guide has it is right where there are durations", () => {
      const found = byName("Performance Analysis", "bin(5m)");
      const expected = inBins(logged);
      expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [bin, events] of expected) {
        const durations = figures(events, ofReport("Duration"));
        const row = found.get(bin) ?? {};
        expect(Number(row["max(@duration)"])).toBe(Math.max(...durations));
        expect(Number(row["avg(@duration)"])).toBeCloseTo(average(durations), 3);
        // Of fewer than a hundred values, 99 % are not exceeded by the largest alone.
        expect(Number(row["pct(@duration, 99)"])).toBe(Math.max(...durations));
      }
    });

    test("Request Analysis as the guide has it counts requests, and finds no statusCode to average", () => {
      const found = byName("Request Analysis", "bin(5m)");
      expect(accesses).toHaveLength(SENT.invocations);
      for (const [bin, { length }] of inBins(accesses)) {
        expect(found.get(bin)).toEqual({ "bin(5m)": bin, requests: String(length) });
      }
    });

    test("corrected, errors are counted by class and operation", () => {
      const found = rows.get("saved: Error Analysis")?.map(({ last: _, ...row }) => row);
      // How many environments there are is for Lambda to say.
      const isDenied = (message: string) => message.includes("AccessDeniedException");
      const ofDenied = countStreams(logged, isDenied);
      const ofOthers = countStreams(logged, (message) => message.includes("ERROR") && !isDenied(message));
      expect(found).toEqual([
        // What the runtime writes of a start that throws.
        { class: "Error", errors: String(SENT.errors), instances: String(ofOthers) },
        {
          ...{ class: "AccessDeniedException", operation: "deleteItem", instances: String(ofDenied) },
          errors: String(SENT.errorLines - SENT.errors),
        },
      ]);
    });

    test("corrected, performance is that of REPORT lines alone, with cold starts and memory", () => {
      const found = byName("saved: Performance Analysis", "period");
      const expected = inBins(logged.filter(({ message }) => message?.startsWith("REPORT")));
      expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [bin, reports] of expected) {
        const durations = figures(reports, ofReport("Duration")).sort((left, right) => left - right);
        const row = found.get(bin) ?? {};
        expect(row).toMatchObject({
          calls: String(reports.length),
          cold: String(figures(reports, ofReport("Init Duration")).length),
        });
        expect(Number(row.average)).toBeCloseTo(average(durations), 3);
        expect(Number(row.p50)).toBe(durations[Math.ceil(durations.length / 2) - 1]);
        expect([Number(row.p99), Number(row.slowest)]).toEqual([durations.at(-1), durations.at(-1)]);
        expect(Number(row.maxMB)).toBe(Math.max(...figures(reports, ofReport("Max Memory Used"))));
      }
    });

    test("corrected, requests are counted by class of status", () => {
      const counts: Record<string, number> = {};
      for (const { class: name = "", requests, p50, p99 } of rows.get("saved: Request Analysis") ?? []) {
        counts[name] = (counts[name] ?? 0) + Number(requests);
        expect(Number(p99)).toBeGreaterThanOrEqual(Number(p50));
      }
      expect(counts).toEqual(SENT.byClass);
    });
  });

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
      counts.set(group, (await eventsOf(group)).length);
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
      const lines = await tail.interrupt();
      const events = await eventsOf(group);
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
